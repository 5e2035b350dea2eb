/// Names of events and states from documentation of public systems, by meaning: success (`good`); failed, compensated or being
/// compensated (`bad`); requested or in progress (`open`); none of these (`other`).
struct PublicNames {
  enum Class: String, CaseIterable {
    case good, bad, open, other
  }

  var source: String
  var names: [Class: String]

  var all: [(name: String, kind: Class)] {
    names.flatMap { kind, list in list.split(separator: " ").map { ("\($0)", kind) } }.sorted { $0.name < $1.name }
  }

  /// Lists that the vocabulary was adapted to.
  static let lists: [PublicNames] = [
    PublicNames(
      source: "AWS Step Functions, HistoryEventType",
      names: [
        .good: """
        ActivitySucceeded ExecutionSucceeded LambdaFunctionSucceeded MapIterationSucceeded MapStateSucceeded \
        ParallelStateSucceeded TaskSucceeded MapRunSucceeded
        """,
        .bad: """
        ActivityFailed ActivityScheduleFailed ActivityTimedOut ExecutionAborted ExecutionFailed ExecutionTimedOut \
        LambdaFunctionFailed LambdaFunctionScheduleFailed LambdaFunctionStartFailed LambdaFunctionTimedOut \
        MapIterationAborted MapIterationFailed MapStateAborted MapStateFailed ParallelStateAborted ParallelStateFailed \
        TaskFailed TaskStartFailed TaskStateAborted TaskSubmitFailed TaskTimedOut WaitStateAborted MapRunAborted \
        MapRunFailed EvaluationFailed FailStateEntered
        """,
        .open: """
        ActivityScheduled ActivityStarted ExecutionStarted LambdaFunctionScheduled LambdaFunctionStarted \
        MapIterationStarted MapStateStarted ParallelStateStarted TaskScheduled TaskStarted TaskSubmitted MapRunStarted \
        ExecutionRedriven MapRunRedriven
        """,
        .other: """
        ChoiceStateExited MapStateExited ParallelStateExited PassStateExited SucceedStateExited TaskStateExited \
        WaitStateExited
        """,
      ]),
    PublicNames(
      source: "AWS Simple Workflow, EventType (Temporal and Cadence name theirs alike)",
      names: [
        .good: """
        WorkflowExecutionCompleted DecisionTaskCompleted ActivityTaskCompleted ChildWorkflowExecutionCompleted \
        LambdaFunctionCompleted MarkerRecorded
        """,
        .bad: """
        CompleteWorkflowExecutionFailed WorkflowExecutionFailed FailWorkflowExecutionFailed WorkflowExecutionTimedOut \
        WorkflowExecutionCanceled CancelWorkflowExecutionFailed ContinueAsNewWorkflowExecutionFailed \
        WorkflowExecutionTerminated DecisionTaskTimedOut ScheduleActivityTaskFailed ActivityTaskFailed \
        ActivityTaskTimedOut ActivityTaskCanceled RequestCancelActivityTaskFailed RecordMarkerFailed StartTimerFailed \
        TimerCanceled CancelTimerFailed StartChildWorkflowExecutionFailed ChildWorkflowExecutionFailed \
        ChildWorkflowExecutionTimedOut ChildWorkflowExecutionCanceled ChildWorkflowExecutionTerminated \
        SignalExternalWorkflowExecutionFailed RequestCancelExternalWorkflowExecutionFailed LambdaFunctionFailed \
        LambdaFunctionTimedOut ScheduleLambdaFunctionFailed StartLambdaFunctionFailed WorkflowExecutionCancelRequested \
        ActivityTaskCancelRequested ExternalWorkflowExecutionCancelRequested \
        RequestCancelExternalWorkflowExecutionInitiated
        """,
        .open: """
        WorkflowExecutionStarted DecisionTaskScheduled DecisionTaskStarted ActivityTaskScheduled ActivityTaskStarted \
        TimerStarted StartChildWorkflowExecutionInitiated ChildWorkflowExecutionStarted \
        SignalExternalWorkflowExecutionInitiated LambdaFunctionScheduled LambdaFunctionStarted
        """,
        .other:
          "WorkflowExecutionSignaled ExternalWorkflowExecutionSignaled TimerFired WorkflowExecutionContinuedAsNew",
      ]),
    PublicNames(
      source: "AWS CloudFormation, StackStatus",
      names: [
        .good: "CREATE_COMPLETE UPDATE_COMPLETE IMPORT_COMPLETE",
        .bad: """
        CREATE_FAILED ROLLBACK_IN_PROGRESS ROLLBACK_FAILED ROLLBACK_COMPLETE DELETE_FAILED UPDATE_FAILED \
        UPDATE_ROLLBACK_IN_PROGRESS UPDATE_ROLLBACK_FAILED UPDATE_ROLLBACK_COMPLETE IMPORT_ROLLBACK_IN_PROGRESS \
        IMPORT_ROLLBACK_FAILED IMPORT_ROLLBACK_COMPLETE UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
        """,
        .open: """
        CREATE_IN_PROGRESS UPDATE_IN_PROGRESS REVIEW_IN_PROGRESS IMPORT_IN_PROGRESS DELETE_IN_PROGRESS \
        UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
        """,
      ]),
    PublicNames(
      source: "States of 19 other AWS services (jobs, backups, deployments, orders)",
      names: [
        .good: """
        ACTIVATED Approved archival-completed associate-complete CLAIMED Completed CompletedWithSuccess create-complete \
        CreateCompleted delivered DEPLOYED DONE ENABLED FINISHED fulfilled Granted ingestion-complete INSTALLED \
        MaintenanceComplete MONITORING_COMPLETE payment-succeeded permanent-restore-completed provisioned PUBLISHED \
        REGISTERED Resolved restore-complete sold succeeded SUCCESSFUL sync-complete update-complete verified
        """,
        .bad: """
        ABORTED ACCESS_DENIED archival-failed association-failed attach-failed CANCELED cancelled_running \
        CANCEL_PENDING CANCELLING CREATE_FAILED CREATION_FAILED create-failed CreateRollbackFailed DELETE_FAILED \
        DeleteRollbackFailed disassociate-failed ERROR ERRORED EXCEPTION expired EXPLICIT_REJECTED FAILED \
        failed-insufficient-capacity failed-provision Failure ImportFailed ingestion-failed INSTALLED_REJECTED \
        Interrupted INSUFFICIENT_PERMISSIONS MaintenanceFailed MaxRuntimeExceeded MISSED MISSING ModelDeploymentError \
        NETWORK_ERROR not-found NotFound payment-failed permanent-failure permanent-restore-failed REGISTRATION_FAILED \
        REJECTED released-permanent-failure restore-failed Revoked ROLLBACK_COMPLETED ROLLBACK_FAILED \
        ROLLBACK_IN_PROGRESS ROLLBACK_REQUESTED ROLLBACK_SUCCESSFUL RollingBack START_FAILED StopFailed sync-failed \
        TERMINATED TERMINATED_WITH_ERRORS TIMED_OUT TIMEOUT UNAVAILABLE unsupported invalid UpdateRollbackFailed \
        NON_COMPLIANT unhealthy
        """,
        .open: """
        activating archival-in-progress AWAITING_ACTION AWAITING_FULFILLMENT create-in-progress CreateInProgress \
        CREATING Downloading Executing FINISHING INITIAL InProgress INPROGRESS Importing initiating payment-pending \
        PENDING PENDING_APPROVAL PendingManualApproval PROCESSING QUEUED RUNNING Restarting REVIEW_REQUESTED SCHEDULED \
        STARTING START_PENDING submitted TRANSFERRING UPDATE_PENDING VALIDATING VERIFYING WAITING Uploading COMPLETING
        """,
        .other: """
        ABANDONED ARCHIVED associated COMPLETED_WITH_ISSUES CompletedWithFailure CompletedWithViolations DELETED Delayed \
        DEPRECATED Deregistered detached disabled Disposed DRAINING ENDED HIDDEN IDLE incomplete Inactive not-applicable \
        NOT_REVIEWED NotStarted OFFLINE OUTDATED Partial partially_fulfilled Paused RETIRED SKIPPED standby Stopped \
        STOPPING suspended UNKNOWN UNREAD Superseded
        """,
      ]),
    PublicNames(
      source: "Stripe, event types",
      names: [
        .good: """
        charge.captured charge.succeeded checkout.session.completed checkout.session.async_payment_succeeded \
        payment_intent.succeeded invoice.paid invoice.payment_succeeded invoice.finalized payout.paid order.created \
        customer.created customer.subscription.created setup_intent.succeeded transfer.created payment_method.attached \
        quote.accepted identity.verification_session.verified subscription_schedule.completed topup.succeeded \
        issuing_card.created
        """,
        .bad: """
        charge.expired charge.failed charge.refunded checkout.session.async_payment_failed checkout.session.expired \
        payment_intent.canceled payment_intent.payment_failed invoice.payment_failed invoice.voided \
        invoice.marked_uncollectible invoice.finalization_failed payout.canceled payout.failed setup_intent.canceled \
        setup_intent.setup_failed transfer.reversed quote.canceled identity.verification_session.canceled topup.canceled \
        topup.failed topup.reversed refund.failed subscription_schedule.canceled credit_note.voided refund.created \
        customer.subscription.pending_update_expired
        """,
        .open: "charge.pending payment_intent.processing identity.verification_session.processing",
        .other: """
        charge.updated customer.updated customer.deleted customer.subscription.deleted customer.subscription.paused \
        customer.subscription.updated invoice.updated invoice.deleted invoice.upcoming price.updated product.deleted \
        payment_intent.requires_action charge.dispute.updated payment_method.detached account.updated invoice.overdue \
        charge.dispute.funds_withdrawn
        """,
      ]),
    PublicNames(
      source: "Shopify, webhook topics",
      names: [
        .good: """
        orders/fulfilled orders/paid carts/create checkouts/create fulfillments/create orders/create
        """,
        .bad: """
        orders/cancelled refunds/create fulfillment_orders/cancelled fulfillment_orders/cancellation_request_accepted \
        fulfillment_orders/fulfillment_service_failed_to_complete subscription_billing_attempts/failure
        """,
        .open: "fulfillment_orders/fulfillment_request_submitted fulfillment_orders/cancellation_request_submitted",
        .other: """
        orders/edited orders/updated orders/delete carts/update orders/partially_fulfilled customers/disable \
        customers/update app/uninstalled products/update fulfillments/update fulfillment_orders/cancellation_request_rejected
        """,
      ]),
    PublicNames(
      source: "PayPal, webhook events",
      names: [
        .good: """
        CHECKOUT.ORDER.APPROVED CHECKOUT.ORDER.COMPLETED PAYMENT.AUTHORIZATION.CREATED PAYMENT.CAPTURE.COMPLETED \
        PAYMENT.SALE.COMPLETED PAYMENT.ORDER.CREATED BILLING.SUBSCRIPTION.CREATED BILLING.SUBSCRIPTION.ACTIVATED \
        BILLING.PLAN.CREATED INVOICING.INVOICE.PAID CUSTOMER.DISPUTE.RESOLVED MERCHANT.ONBOARDING.COMPLETED \
        PAYMENT.PAYOUTS-ITEM.SUCCEEDED VAULT.PAYMENT-TOKEN.CREATED PAYMENT.PAYOUTSBATCH.SUCCESS
        """,
        .bad: """
        CHECKOUT.PAYMENT-APPROVAL.REVERSED PAYMENT.AUTHORIZATION.VOIDED PAYMENT.CAPTURE.DECLINED PAYMENT.CAPTURE.DENIED \
        PAYMENT.CAPTURE.REFUNDED PAYMENT.CAPTURE.REVERSED PAYMENT.ORDER.CANCELLED PAYMENT.SALE.DENIED \
        PAYMENT.SALE.REFUNDED PAYMENT.SALE.REVERSED BILLING.SUBSCRIPTION.CANCELLED BILLING.SUBSCRIPTION.EXPIRED \
        BILLING.SUBSCRIPTION.PAYMENT.FAILED INVOICING.INVOICE.CANCELLED INVOICING.INVOICE.REFUNDED \
        PAYMENT.PAYOUTS-ITEM.BLOCKED PAYMENT.PAYOUTS-ITEM.CANCELED PAYMENT.PAYOUTS-ITEM.DENIED \
        PAYMENT.PAYOUTS-ITEM.FAILED PAYMENT.PAYOUTS-ITEM.REFUNDED PAYMENT.PAYOUTS-ITEM.RETURNED \
        PAYMENT.PAYOUTSBATCH.DENIED IDENTITY.AUTHORIZATION-CONSENT.REVOKED PAYMENT.CAPTURE.REFUNDED
        """,
        .open: "PAYMENT.CAPTURE.PENDING PAYMENT.SALE.PENDING PAYMENT.PAYOUTSBATCH.PROCESSING CHECKOUT.ORDER.PROCESSING",
        .other: """
        BILLING.PLAN.UPDATED BILLING.SUBSCRIPTION.SUSPENDED BILLING.SUBSCRIPTION.UPDATED CUSTOMER.DISPUTE.UPDATED \
        INVOICING.INVOICE.UPDATED PAYMENT.PAYOUTS-ITEM.HELD PAYMENT.PAYOUTS-ITEM.UNCLAIMED
        """,
      ]),
    PublicNames(
      source: "Adyen, event codes",
      names: [
        .good: "AUTHORISATION CAPTURE ORDER_CLOSED MANUAL_REVIEW_ACCEPT",
        .bad: """
        CANCELLATION CAPTURE_FAILED REFUND REFUND_FAILED CANCEL_OR_REFUND CHARGEBACK SECOND_CHARGEBACK TECHNICAL_CANCEL \
        NOTIFICATION_OF_FRAUD VOID_PENDING_REFUND MANUAL_REVIEW_REJECT PAYOUT_DECLINE PAYOUT_EXPIRE OFFER_EXPIRED
        """,
        .open: "PENDING REQUEST_FOR_INFORMATION",
        .other: "REPORT_AVAILABLE CHARGEBACK_REVERSED REFUNDED_REVERSED",
      ]),
    PublicNames(
      source: "GitHub, webhook actions, conclusions and deployment states",
      names: [
        .good: """
        check_run.completed workflow_run.completed workflow_job.completed deployment_review.approved \
        pull_request_review.submitted pull_request.merged release.published conclusion.success \
        deployment_status.success package.published check_suite.completed
        """,
        .bad: """
        conclusion.failure conclusion.cancelled conclusion.timed_out conclusion.startup_failure \
        deployment_status.failure deployment_status.error deployment_review.rejected
        """,
        .open: """
        check_run.rerequested check_suite.requested workflow_run.requested workflow_run.in_progress workflow_job.queued \
        workflow_job.in_progress workflow_job.waiting deployment_status.pending deployment_status.in_progress \
        deployment_status.queued deployment_review.requested pull_request.reopened
        """,
        .other: """
        conclusion.neutral conclusion.skipped conclusion.stale conclusion.action_required pull_request.synchronize \
        pull_request.edited pull_request_review.dismissed release.deleted release.unpublished deployment_status.inactive \
        repository.renamed issues.labeled
        """,
      ]),
    PublicNames(
      source: "Camunda 8 / Zeebe, record intents",
      names: [
        .good: "ELEMENT_COMPLETED COMPLETED CREATED RESOLVED CORRELATED",
        .bad: "ELEMENT_TERMINATED FAILED TIMED_OUT CANCELED EXPIRED TERMINATED ERROR_THROWN REJECTED",
        .open: "ELEMENT_ACTIVATING ELEMENT_COMPLETING COMPLETING CREATING PUBLISHING",
        .other: "PAYLOAD_UPDATED RETRIES_UPDATED UPDATED DELETED",
      ]),
    PublicNames(
      source: "Netflix Conductor, workflow and task states",
      names: [
        .good: "COMPLETED",
        .bad: "FAILED FAILED_WITH_TERMINAL_ERROR TIMED_OUT TERMINATED CANCELED",
        .open: "SCHEDULED IN_PROGRESS RUNNING RETRIED RESTARTED RERUN RESUMED",
        .other: "COMPLETED_WITH_ERRORS SKIPPED PAUSED",
      ]),
    PublicNames(
      source: "FHIR, task status and request status",
      names: [
        .good: "accepted completed fulfilled",
        .bad: "rejected cancelled failed revoked entered-in-error no-show",
        .open: "requested in-progress pending active ",
        .other: "on-hold suspended unknown",
      ]),
    PublicNames(
      source: "TM Forum, product order (TMF622) and service order (TMF641) states",
      names: [
        .good: "acknowledged completed",
        .bad: "rejected cancelled failed pendingCancellation assessingCancellation",
        .open: "inProgress pending",
        .other: "partial held",
      ]),
    PublicNames(
      source: "ISO 20022, transaction status by name",
      names: [
        .good: """
        AcceptedSettlementCompleted AcceptedTechnicalValidation AcceptedCustomerProfile AcceptedFundsChecked Received \
        AcceptedCreditSettlementCompleted
        """,
        .bad: "Rejected Cancelled PaymentCancelled",
        .open: "Pending AcceptedSettlementInProcess",
        .other: "PartiallyAccepted PartiallyAcceptedTechnicalCorrect AcceptedWithChange AcceptedWithoutPosting",
      ]),
    PublicNames(
      source: "EasyPost, Shippo and other carriers, tracking states",
      names: [
        .good: "delivered PICKED_UP LABEL_CREATED ShipmentPickedUp",
        .bad: """
        failure error canceled return_to_sender RETURNED RETURNED_TO_SENDER LOST UNDELIVERABLE PickupCancelled REJECTED \
        EXCEPTION DAMAGED
        """,
        .open: "pre_transit in_transit out_for_delivery TRANSIT PROCESSING PENDING awaiting_pickup OutForDelivery",
        .other: "unknown DELIVERY_ATTEMPTED delay EXCEPTION_RESOLVED HELD_AT_LOCATION",
      ]),
    PublicNames(
      source: "Apache Airflow, Kubernetes jobs and Argo, states",
      names: [
        .good: "success Succeeded Complete SuccessfulCreate",
        .bad: """
        failed upstream_failed Error BackoffLimitExceeded DeadlineExceeded FailedScheduling CrashLoopBackOff Evicted \
        ImagePullBackOff OOMKilled FailedMount FailureTarget
        """,
        .open: "queued scheduled running restarting up_for_retry Pending Running",
        .other: "skipped removed deferred Suspended none Omitted",
      ]),
    PublicNames(
      source: "Samples of NServiceBus, MassTransit, Eventuate Tram, Axon and eShop, messages",
      names: [
        .good: """
        OrderPlaced OrderBilled OrderShipped ShipmentAcceptedByMaple FundsReserved ProductsShipped OrderAccepted \
        OrderCompleted PaymentProcessed CustomerCreditReservedEvent OrderCreatedEvent \
        OrderStockConfirmedIntegrationEvent OrderPaymentSucceededIntegrationEvent OrderStatusChangedToPaidIntegrationEvent \
        OrderStatusChangedToShippedIntegrationEvent HotelBooked FlightBooked CarRented BookingCompleted \
        HotelRoomBookedIntegrationEvent TicketCreated CreditCardAuthorized ConsumerVerified OrderAuthorized \
        StockReserved PaymentCompleted
        """,
        .bad: """
        OrderCancelledEvent CustomerValidationFailedEvent CustomerCreditReservationFailedEvent OrderStockRejectedIntegrationEvent \
        OrderPaymentFailedIntegrationEvent OrderStatusChangedToCancelledIntegrationEvent ProductsShipmentFailed \
        FlightBookingFailed CarRentingFailed HotelRoomBookingRejectedIntegrationEvent PaymentFailed OrderRejected \
        TicketCancelled StockShortage OrderNotAccepted CreditCardAuthorizationFailed OrderPlacementFailed \
        CancelShipment RefundPayment RejectOrderCommand CancelCreateTicketCommand ReleaseFunds \
        REJECTED_NO_FLIGHT_AVAILABLE OrderFaulted BuyersRemorseCancelled CreditLimitExceeded
        """,
        .open: """
        OrderSubmitted PlaceOrder ShipOrder ReserveFunds CheckInventory ProcessPayment CheckoutStarted \
        OrderStatusChangedToSubmittedIntegrationEvent OrderStatusChangedToAwaitingValidationIntegrationEvent \
        HotelRoomBookingPendingIntegrationEvent CaptureFunds \
        SubmitOrder ValidateOrderByConsumer
        """,
      ]),
    PublicNames(
      source: "German, French, Spanish, Portuguese, Italian and Dutch saga tutorials and shops",
      names: [
        .good: """
        auftrag-erstellt BestellungBezahlt ZahlungEingegangen LieferungVersendet BestellungAbgeschlossen LagerReserviert \
        CommandeValidee PaiementAccepte CommandeExpediee CommandeLivree PaiementConfirme \
        PedidoCreado PagoAprobado StockReservado PedidoEnviado PedidoEntregado PagoRealizado PedidoConfirmado \
        PedidoCriado PagamentoAprovado EstoqueReservado PedidoFaturado PedidoEntregue PagamentoConfirmado \
        OrdineCreato PagamentoCompletato OrdineSpedito OrdineConsegnato PagamentoApprovato \
        BestellingGeplaatst BetalingGelukt BestellingVerzonden BetalingOntvangen
        """,
        .bad: """
        BestellungStorniert ZahlungFehlgeschlagen ZahlungAbgelehnt LagerNichtVerfuegbar nichtBezahlt ZahlungNichtGenehmigt \
        KeineDeckung CommandeAnnulee PaiementRefuse PaiementEchoue StockInsuffisant StockLibere PaiementNonAccepte \
        PaiementPasAccepte PedidoCancelado PagoRechazado StockInsuficiente StockLiberado PagoNoCompletado PedidoNoEntregado \
        PedidoCanceladoPeloCliente PagamentoRecusado EstoqueInsuficiente PagamentoNaoAprovado PagamentoNãoAprovado \
        PagamentoEstornado OrdineAnnullato PagamentoRifiutato OrdineNonConsegnato PagamentoMaiConfermato \
        BestellingGeannuleerd BetalingMislukt BetalingNietGelukt GeenVoorraad BestellingNooitGeleverd
        """,
        .open: """
        ZahlungAngefordert ZahlungAusstehend BestellungGestartet PaiementEnAttente PagoPendiente PagamentoPendente \
        PagamentoInAttesa SagaIniciada SagaIniciado SagaGestartet BetalingAangevraagd
        """,
        .other: "BestellungGeaendert PedidoActualizado PedidoAtualizado OrdineAggiornato BestellingGewijzigd",
      ]),
  ]
}
