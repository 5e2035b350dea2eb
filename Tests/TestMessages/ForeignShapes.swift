import Core

extension ForeignShape {
  private static func path(_ names: String...) -> FieldSource { .path(names) }

  /// Modelled on public systems, with invented names or with names from their documentation.
  package static let all: [ForeignShape] = languages + platforms + payments + members + words + hidden

  private static let languages: [ForeignShape] = [
    ForeignShape(
      "German orders, one of which was not paid", type: path("typ"), id: path("bestellId"),
      good: ["BestellungAufgegeben", "LagerReserviert", "ZahlungErhalten", "BestellungVersendet"],
      bad: [
        [
          "BestellungAufgegeben", "LagerReserviert", "ZahlungNichtGenehmigt", "LagerFreigegeben", "BestellungStorniert",
        ],
        ["BestellungAufgegeben", "LagerNichtVerfuegbar"],
      ], waiting: [["BestellungAufgegeben", "LagerReserviert"]]),
    ForeignShape(
      "French orders", type: path("typeEvenement"), id: path("commandeId"),
      good: ["CommandeCreee", "StockReserve", "PaiementAccepte", "CommandeLivree"],
      bad: [
        ["CommandeCreee", "StockReserve", "PaiementRefuse", "CommandeAnnulee"],
        ["CommandeCreee", "StockReserve", "PaiementNonAccepte"],
      ], waiting: [["CommandeCreee", "StockReserve"]]),
    ForeignShape(
      "Spanish orders", type: path("tipo"), id: path("pedidoId"),
      good: ["PedidoCreado", "InventarioReservado", "PagoAprobado", "PedidoEntregado"],
      bad: [
        ["PedidoCreado", "InventarioReservado", "PagoRechazado", "PedidoCancelado"],
        ["PedidoCreado", "InventarioReservado", "PagoNoAprobado"],
      ], waiting: [["PedidoCreado"]]),
    ForeignShape(
      "Portuguese orders", type: path("tipoEvento"), id: path("pedidoId"),
      good: ["PedidoCriado", "EstoqueReservado", "PagamentoAprovado", "PedidoEntregue"],
      bad: [["PedidoCriado", "EstoqueReservado", "PagamentoNãoAprovado"]],
      waiting: [["PedidoCriado", "EstoqueReservado"]]),
    ForeignShape(
      "Italian orders", type: path("tipo"), id: path("ordineId"),
      good: ["OrdineCreato", "MerceRiservata", "PagamentoCompletato", "OrdineConsegnato"],
      bad: [["OrdineCreato", "MerceRiservata", "PagamentoCompletato", "OrdineNonConsegnato"]],
      waiting: [["OrdineCreato"]]),
    ForeignShape(
      "Dutch orders", type: path("type"), id: path("bestellingId"),
      good: ["BestellingGeplaatst", "VoorraadGereserveerd", "BetalingOntvangen", "BestellingVerzonden"],
      bad: [["BestellingGeplaatst", "VoorraadGereserveerd", "BetalingNietOntvangen"]],
      waiting: [["BestellingGeplaatst"]]),
    ForeignShape(
      "Spanish replies with a result", type: path("tipo"), id: path("pedidoId"),
      good: [
        "reserva.solicitada", Step("reserva.respuesta", ["resultado": #""APROBADO""#]), "pago.solicitado",
        Step("pago.respuesta", ["resultado": #""APROBADO""#]),
      ],
      bad: [
        [
          "reserva.solicitada", Step("reserva.respuesta", ["resultado": #""APROBADO""#]), "pago.solicitado",
          Step("pago.respuesta", ["resultado": #""RECHAZADO""#]),
        ]
      ], waiting: [["reserva.solicitada"]], constant: ["resultado": #""PENDIENTE""#]),
  ]

  private static let platforms: [ForeignShape] = [
    ForeignShape(
      "an execution's history", type: path("type"), id: path("executionId"),
      good: ["ExecutionStarted", "TaskScheduled", "TaskSucceeded", "ExecutionSucceeded"],
      bad: [
        ["ExecutionStarted", "TaskScheduled", "TaskFailed", "ExecutionFailed"],
        ["ExecutionStarted", "TaskScheduled", "TaskTimedOut", "ExecutionAborted"],
      ], waiting: [["ExecutionStarted", "TaskScheduled"]]),
    ForeignShape(
      "an execution's status in an envelope", type: path("detail", "status"), id: path("detail", "executionArn"),
      good: ["RUNNING", "SUCCEEDED"],
      bad: [["RUNNING", "FAILED"], ["RUNNING", "TIMED_OUT"], ["RUNNING", "ABORTED"]],
      waiting: [["RUNNING"]], constant: ["detail-type": #""Execution Status Change""#, "source": #""cloud.states""#]),
    ForeignShape(
      "a workflow engine with a prefix before each type", type: path("eventType"), id: path("workflowId"),
      good: [
        "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED",
        "EVENT_TYPE_ACTIVITY_TASK_COMPLETED", "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED",
      ],
      bad: [
        [
          "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED",
          "EVENT_TYPE_ACTIVITY_TASK_FAILED", "EVENT_TYPE_WORKFLOW_EXECUTION_FAILED",
        ],
        [
          "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED",
          "EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED",
        ],
      ], waiting: [["EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"]]),
    ForeignShape(
      "a process engine's intents", type: path("intent"), id: path("value", "processInstanceKey"),
      good: ["ELEMENT_ACTIVATING", "ELEMENT_ACTIVATED", "ELEMENT_COMPLETING", "ELEMENT_COMPLETED"],
      bad: [["ELEMENT_ACTIVATING", "ELEMENT_ACTIVATED", "ELEMENT_TERMINATING", "ELEMENT_TERMINATED"]],
      waiting: [["ELEMENT_ACTIVATING", "ELEMENT_ACTIVATED"]]),
    ForeignShape(
      "JVM classes in headers", type: .header("axon-message-type"), id: .header("axon-message-aggregate-id"),
      good: [
        "com.acme.orders.OrderPlacedEvent", "com.acme.orders.PaymentProcessedEvent",
        "com.acme.orders.OrderCompletedEvent",
      ],
      bad: [
        [
          "com.acme.orders.OrderPlacedEvent", "com.acme.orders.PaymentProcessedEvent",
          "com.acme.orders.ShippingFailedEvent", "com.acme.orders.OrderCancelledEvent",
        ]
      ], waiting: [["com.acme.orders.OrderPlacedEvent"]]),
    ForeignShape(
      "a build's actions with a conclusion", type: path("action"), id: path("run", "id"),
      good: ["requested", "in_progress", Step("completed", ["run.conclusion": #""success""#])],
      bad: [
        ["requested", "in_progress", Step("completed", ["run.conclusion": #""failure""#])],
        ["requested", "in_progress", Step("completed", ["run.conclusion": #""timed_out""#])],
      ], waiting: [["requested", "in_progress"]], constant: ["run.conclusion": "null"], isLifecycle: true),
    ForeignShape(
      "a shop's resource and action in a header", type: .header("X-Topic"), id: path("order_id"),
      good: ["orders/create", "orders/paid", "fulfillments/create", "orders/fulfilled"],
      bad: [
        ["orders/create", "orders/cancelled"], ["orders/create", "orders/paid", "orders/cancelled", "refunds/create"],
      ],
      waiting: [["orders/create", "orders/paid"]]),
    ForeignShape(
      "types that are topics, and the id is the key", type: .topic, id: .key,
      good: ["loan-applied", "loan-scored", "loan-approved", "loan-disbursed"],
      bad: [["loan-applied", "loan-scored", "loan-denied"], ["loan-applied", "loan-cancelled"]],
      waiting: [["loan-applied", "loan-scored"]]),
    ForeignShape(
      "a row's status", type: path("after", "status"), id: path("after", "id"),
      good: ["NEW", "RESERVED", "PAID", "SHIPPED", "DELIVERED"],
      bad: [["NEW", "RESERVED", "PAYMENT_DECLINED", "CANCELLED"], ["NEW", "OUT_OF_STOCK", "CANCELLED"]],
      waiting: [["NEW", "RESERVED"]], constant: ["op": #""u""#, "before": "null"]),
    ForeignShape(
      "a health task", type: path("status"), id: path("id"),
      good: ["requested", "accepted", "in-progress", "completed"],
      bad: [["requested", "rejected"], ["requested", "accepted", "cancelled"], ["requested", "accepted", "failed"]],
      waiting: [["requested", "accepted"]], constant: ["resourceType": #""Task""#]),
    ForeignShape(
      "a telecom order's state", type: path("event", "productOrder", "state"), id: path("event", "productOrder", "id"),
      good: ["acknowledged", "inProgress", "completed"],
      bad: [["acknowledged", "inProgress", "failed"], ["acknowledged", "assessingCancellation", "cancelled"]],
      waiting: [["acknowledged", "inProgress"]], constant: ["eventType": #""ProductOrderStateChangeEvent""#]),
    ForeignShape(
      "a parcel's tracking", type: path("tracking_status", "status"), id: path("tracking_number"),
      good: ["PRE_TRANSIT", "TRANSIT", "DELIVERED"],
      bad: [["PRE_TRANSIT", "TRANSIT", "RETURNED"], ["PRE_TRANSIT", "TRANSIT", "FAILURE"]],
      waiting: [["PRE_TRANSIT", "TRANSIT"]]),
  ]

  private static let payments: [ForeignShape] = [
    ForeignShape(
      "a payment that may be refunded later", type: path("event_type"), id: path("resource", "custom_id"),
      good: ["CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.PENDING", "PAYMENT.CAPTURE.COMPLETED"],
      bad: [
        ["CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.PENDING", "PAYMENT.CAPTURE.DENIED"],
        [
          "CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.PENDING", "PAYMENT.CAPTURE.COMPLETED", "PAYMENT.CAPTURE.REFUNDED",
        ],
      ], waiting: [["CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.PENDING"]]),
    ForeignShape(
      "codes with a success beside them", type: path("eventCode"), id: path("merchantReference"),
      good: ["AUTHORISATION", "CAPTURE"],
      bad: [
        [Step("AUTHORISATION", ["success": #""false""#])],
        ["AUTHORISATION", Step("CAPTURE", ["success": #""false""#])],
        ["AUTHORISATION", "CANCELLATION"],
      ], waiting: [["AUTHORISATION"]], constant: ["success": #""true""#]),
    ForeignShape(
      "four letters of a bank's status", type: path("transactionStatus"), id: path("endToEndId"),
      good: ["RCVD", "ACTC", "ACSP", "ACSC"], bad: [["RCVD", "ACTC", "RJCT"], ["RCVD", "RJCT"]],
      waiting: [["RCVD", "ACTC"], ["RCVD", "PDNG"]], constant: ["msgType": #""pacs.002""#]),
  ]

  private static let members: [ForeignShape] = [
    ForeignShape(
      "numbers of HTTP as the only outcome", type: path("operation"), id: path("order_id"),
      good: ["create-order", "reserve-stock", "charge-card", "ship-order"],
      bad: [
        ["create-order", "reserve-stock", Step("charge-card", ["http_status": "500"])],
        ["create-order", Step("reserve-stock", ["http_status": "409"])],
      ], waiting: [["create-order"]], constant: ["http_status": "200"]),
    ForeignShape(
      "exit codes", type: path("event"), id: path("jobId"),
      good: ["queued", "started", Step("exited", ["exitCode": "0"])],
      bad: [
        ["queued", "started", Step("exited", ["exitCode": "1"])],
        ["queued", "started", Step("exited", ["exitCode": "137"])],
      ],
      waiting: [["queued", "started"]], isLifecycle: true),
    ForeignShape(
      "errors now in the one, now in the other member", type: path("type"), id: path("orderId"),
      good: ["OrderReceived", "StockChecked", "OrderProcessed"],
      bad: [
        ["OrderReceived", "StockChecked", Step("OrderProcessed", ["errorCode": #""E7""#])],
        ["OrderReceived", "StockChecked", Step("OrderProcessed", ["failureReason": #""no stock""#])],
      ], waiting: [["OrderReceived", "StockChecked"]], constant: ["errorCode": "null", "failureReason": "null"]),
    ForeignShape(
      "errors that are none in each message", type: path("type"), id: path("orderId"),
      good: ["OrderPlaced", "StockReserved", "OrderCompleted"],
      bad: [["OrderPlaced", "StockReserved", "OrderCancelled"]],
      waiting: [["OrderPlaced"]], constant: ["error": #""none""#, "errorCode": #""0000""#, "failureCount": "0"]),
    ForeignShape(
      "an error that is an object", type: path("type"), id: path("orderId"),
      good: ["OrderAccepted", "OrderPacked", "OrderCompleted"],
      bad: [
        [
          "OrderAccepted", "OrderPacked",
          Step("OrderCompleted", ["error.code": #""X""#, "error.message": #""none left""#]),
        ]
      ],
      waiting: [["OrderAccepted"]]),
    ForeignShape(
      "a list of failures", type: path("type"), id: path("orderId"),
      good: ["OrderAccepted", "OrderPacked", "OrderCompleted"],
      bad: [["OrderAccepted", "OrderPacked", Step("OrderCompleted", ["failures": #"["none left"]"#])]],
      waiting: [["OrderAccepted"]], constant: ["failures": "[]"]),
    ForeignShape(
      "an outcome one of whose words nobody knows", type: path("type"), id: path("jobId"),
      good: ["JobAccepted", "JobStarted", Step("JobFinished", ["outcome": #""FINE""#])],
      bad: [["JobAccepted", "JobStarted", Step("JobFinished", ["outcome": #""FAIL""#])]],
      waiting: [["JobAccepted", "JobStarted"]], isLifecycle: true),
    ForeignShape(
      "a final status beside the state", type: path("state"), id: path("appId"),
      good: ["SUBMITTED", "RUNNING", Step("FINISHED", ["finalStatus": #""SUCCEEDED""#])],
      bad: [
        ["SUBMITTED", "RUNNING", Step("FINISHED", ["finalStatus": #""FAILED""#])],
        ["SUBMITTED", Step("FINISHED", ["finalStatus": #""KILLED""#])],
      ], waiting: [["SUBMITTED", "RUNNING"]], constant: ["finalStatus": #""UNDEFINED""#], isLifecycle: true),
    ForeignShape(
      "an end that is none by its word, with a flag", type: path("type"), id: path("importId"),
      good: ["ImportQueued", "ImportStarted", Step("ImportEnded", ["hasErrors": "false"])],
      bad: [["ImportQueued", "ImportStarted", Step("ImportEnded", ["hasErrors": "true"])]],
      waiting: [["ImportQueued", "ImportStarted"]], isLifecycle: true),
    ForeignShape(
      "a code that most messages carry", type: path("type"), id: path("orderId"),
      good: ["OrderPlaced", "StockReserved", "OrderCompleted"],
      bad: [["OrderPlaced", "StockReserved", Step("OrderCompleted", ["errorCode": #""E512""#])]],
      waiting: [["OrderPlaced"]], constant: ["errorCode": #""E000""#]),
  ]

  private static let words: [ForeignShape] = [
    ForeignShape(
      "what is only meant to happen", type: path("type"), id: path("orderId"),
      good: ["OrderToBeConfirmed", "PaymentToBeCaptured", "OrderConfirmed"],
      bad: [["OrderToBeConfirmed", "PaymentToBeCaptured", "OrderNotConfirmed"]],
      waiting: [["OrderToBeConfirmed", "PaymentToBeCaptured"]]),
    ForeignShape(
      "what happened before something else", type: path("type"), id: path("orderId"),
      good: ["OrderPlaced", "OrderPacked", "OrderShipped", "OrderDelivered"],
      bad: [
        ["OrderPlaced", "OrderCancelledBeforeShipped"], ["OrderPlaced", "OrderPacked", "OrderClosedWithoutDelivery"],
      ],
      waiting: [["OrderPlaced", "OrderPacked"]]),
    ForeignShape(
      "what is marked as something", type: path("type"), id: path("parcelId"),
      good: ["ParcelRegistered", "ParcelDispatched", "ParcelMarkedAsDelivered"],
      bad: [["ParcelRegistered", "ParcelDispatched", "ParcelMarkedAsLost"]], waiting: [["ParcelRegistered"]]),
    ForeignShape(
      "what is complete and not well", type: path("type"), id: path("auditId"),
      good: ["AuditStarted", "AuditPerformed", "AuditCompleted"],
      bad: [["AuditStarted", "AuditPerformed", "AuditCompletedWithViolations"]], waiting: [["AuditStarted"]],
      isLifecycle: true),
    ForeignShape(
      "what is approved before it is approved", type: path("type"), id: path("loanId"),
      good: ["LoanRequested", "LoanPreApproved", "LoanApproved", "LoanFunded"],
      bad: [["LoanRequested", "LoanPreApproved", "LoanRejected"]], waiting: [["LoanRequested", "LoanPreApproved"]]),
    ForeignShape(
      "OK and not OK", type: path("event"), id: path("txId"), good: ["RESERVE_OK", "PAY_OK", "SHIP_OK"],
      bad: [["RESERVE_OK", "PAY_NOK", "RESERVE_UNDO_OK"], ["RESERVE_NOK"]], waiting: [["RESERVE_OK"]]),
    ForeignShape(
      "a failure that is made good", type: path("type"), id: path("orderId"),
      good: ["OrderPlaced", "PaymentFailed", "PaymentRetried", "PaymentSucceeded", "OrderFulfilled"],
      bad: [["OrderPlaced", "PaymentFailed", "PaymentRetried", "PaymentFailed", "OrderRejected"]],
      waiting: [["OrderPlaced", "PaymentFailed", "PaymentRetried"]]),
    ForeignShape(
      "ends that are a step's word", type: path("kind"), id: path("policyRef"),
      good: ["QuoteRequested", "QuoteIssued", "PolicyBound"],
      bad: [["QuoteRequested", "QuoteIssued", "QuoteLapsed"], ["QuoteRequested", "QuoteDeclined"]],
      waiting: [["QuoteRequested", "QuoteIssued"]]),
    ForeignShape(
      "a case that is closed whichever way it went", type: path("type"), id: path("caseId"),
      good: ["CaseOpened", "CaseResolved", "CaseClosed"], bad: [["CaseOpened", "CaseRejected", "CaseClosed"]],
      waiting: [["CaseOpened"]], isLifecycle: true),
    ForeignShape(
      "a saga that is itself an undoing", type: path("type"), id: path("refundId"),
      good: ["RefundRequested", "RefundApproved", "RefundPaid"], bad: [["RefundRequested", "RefundRejected"]],
      waiting: [["RefundRequested"]]),
    ForeignShape(
      "a return whose money is given back", type: path("type"), id: path("returnId"),
      good: ["ReturnRequested", "ParcelReceived", "MoneyRefunded"], bad: [["ReturnRequested", "ReturnRejected"]],
      waiting: [["ReturnRequested"]]),
    ForeignShape(
      "a cancellation that cancels something", type: path("type"), id: path("cancellationId"),
      good: ["CancellationRequested", "SubscriptionCancelled", "CancellationCompleted"],
      bad: [["CancellationRequested", "CancellationFailed"]], waiting: [["CancellationRequested"]]),
    ForeignShape(
      "words that nobody knows", type: path("type"), id: path("thingId"),
      good: ["ThingGlorped", "ThingBlipped", "ThingZonked"], bad: [["ThingGlorped", "ThingBlipped", "ThingKaputted"]],
      waiting: [["ThingGlorped"]], isLifecycle: true),
  ]

  private static let hidden: [ForeignShape] = [
    ForeignShape(
      "an id that is called like none", type: path("type"), id: path("who"),
      good: ["CaseOpened", "CaseHandled", "CaseClosed"], bad: [["CaseOpened", "CaseRejected"]],
      waiting: [["CaseOpened"]],
      isHidden: true)
  ]
}
