import Testing

@testable import Core

@Suite("Only what several take part in is shown as a saga")
struct SagaEvidenceTests {
  /// Flows of one kind. A line has the name, the field of the id, the field of the type, and the flows with a slash between them. An event
  /// is its type, then `@` and the topic, `+` and the service, `#` and the step that it names; a flow with `!` does not end well.
  struct Row: Sendable, CustomTestStringConvertible {
    struct Event: Sendable {
      var type = ""
      var topic = "events"
      var members: [(path: [String], value: String)] = []
    }

    var testDescription: String
    var id: [String]
    var type: [String]
    var flows: [(events: [Event], isGood: Bool)]

    init(_ line: String) {
      let parts = line.split(separator: "|").map { String($0.trimmed) }
      testDescription = parts[0]
      id = parts[1].split(separator: ".").map(String.init)
      type = parts[2].split(separator: ".").map(String.init)
      flows = parts[3].split(separator: "/").map { flow in
        (flow.split(separator: ",").map { Self.event(String($0.trimmed)) }, !flow.contains("!"))
      }
    }

    private static func event(_ text: String) -> Event {
      var event = Event()
      var sign: Character = " "
      var word = ""
      func take() {
        switch sign {
        case "@": event.topic = word
        case "+": event.members.append((["service"], word))
        case "#": event.members.append((["step"], word))
        default: event.type = word
        }
      }
      for letter in text where letter != "!" {
        guard "@+#".contains(letter) else {
          word.append(letter)
          continue
        }
        take()
        (sign, word) = (letter, "")
      }
      take()
      return event
    }

    static func all(_ text: String) -> [Row] { text.split(separator: "\n").map { Row(String($0)) } }

    var set: SampleSet {
      var samples = Samples()
      add(to: &samples)
      return samples.set
    }

    /// Adds twenty-four flows, the same number of each kind.
    func add(to samples: inout Samples) {
      let letters = testDescription.filter { $0.isLetter }
      for number in 0..<24 {
        for (place, event) in flows[number % flows.count].events.enumerated() {
          var members = event.members + [(id, "\(letters)-\(1000 + number * 7)")]
          if type != ["topic"] { members.append((type, event.type)) }
          samples.add(
            Self.object(members), topic: type == ["topic"] ? event.type : event.topic, at: Int64(number * 50 + place))
        }
      }
    }

    private static func object(_ members: [(path: [String], value: String)]) -> String {
      let texts = members.map { member in
        let opening = member.path.dropLast().map { "\"\($0)\":{" }.joined()
        let closing = String(repeating: "}", count: member.path.count - 1)
        return "\(opening)\"\(member.path[member.path.count - 1])\":\"\(member.value)\"\(closing)"
      }
      return "{\(texts.joined(separator: ","))}"
    }
  }

  static let technical: [Row] = Row.all(
    """
    garbage collection | gcId | type | GcStarted, GcCompleted
    connections | connectionId | type | ConnectionOpened, HandshakeCompleted, ConnectionClosed
    connections, a topic per entity | connectionId | type | ConnectionOpened@connections, HandshakeCompleted@handshakes, ConnectionClosed@connections / ConnectionOpened@connections, HandshakeFailed@handshakes, ConnectionClosed@connections
    a cache | cacheKey | type | CacheMissed, CacheLoaded, CacheEvicted / CacheMissed, CacheLoaded
    clicks in a shop | anonymousId | event | Page Viewed, Product Added, Checkout Started, Order Completed / Page Viewed, Product Viewed
    clicks up to the payment | visitorId | event | Product List Viewed, Product Added, Cart Viewed, Payment Info Entered, Order Completed / Product List Viewed, Product Added
    clicks in snake case | clientId | name | view_item, product_added, checkout_started, purchase / view_item, product_added
    statements | statementId | eventName | statement-prepared, statement-executed
    scrapes as CloudEvents | data.scrapeId | ce.type | com.acme.scrape.started, com.acme.scrape.succeeded / com.acme.scrape.started, com.acme.scrape.failed
    a database's log | tx_id | OP | TRANSACTION_BEGAN, ROWS_WRITTEN, TRANSACTION_COMMITTED / TRANSACTION_BEGAN, ROWS_WRITTEN, TRANSACTION_ROLLED_BACK
    a database's log with errors | txId | type | TransactionBegan, RowsWritten, Committed / TransactionBegan, StatementFailed, RolledBack
    devices | deviceId | type | device.connected, config.applied, device.disconnected
    devices, a topic per entity | device.id | type | DeviceConnected@devices, ConfigApplied@configs, DeviceDisconnected@devices
    messages | mailRef | type | MessageSent, MessageDelivered, MessageRead / MessageSent, MessageBounced
    sessions | sessionId | type | SESSION_STARTED, LOGIN_SUCCEEDED, SESSION_FINISHED / SESSION_STARTED, LOGIN_FAILED, SESSION_FINISHED
    levels of a game | levelRunId | type | LevelStarted, BossDefeated, LevelCompleted / LevelStarted, PlayerDied
    tests | testId | type | TestStarted, TestPassed / TestStarted, TestFailed
    pipelines | pipelineId | type | pipeline.started, code.checked-out, tests.passed, image.built, pipeline.succeeded / pipeline.started, code.checked-out, tests.failed, pipeline.failed
    builds, the type two levels down | build.id | data.event | build_queued, build_started, build_succeeded / build_queued, build_started, build_failed / build_queued, build_canceled
    jobs | jobId | type | JobScheduled, JobStarted, JobSucceeded
    jobs that fail | jobId | type | JobScheduled, JobStarted, JobSucceeded / JobScheduled, JobStarted, JobFailed / JobScheduled, JobCancelled
    cron | runKeyId | type | cron-run-started, cron-run-finished
    heartbeats | beatId | type | HeartbeatSent, HeartbeatAcknowledged / HeartbeatSent, HeartbeatMissed
    batches | batchId | type | BatchStarted, RowsRead, RowsWritten, BatchCompleted / BatchStarted, RowsRead, BatchFailed
    presence | userId | type | user.online, user.typing, user.offline
    presence as a status | presenceId | status | ONLINE, AWAY, OFFLINE
    uploads | uploadId | type | UploadStarted, ChunkReceived, UploadCompleted / UploadStarted, ChunkReceived, UploadCancelled / UploadStarted, ChunkRejected, UploadFailed
    a video player | playback_id | type | video_started, video_paused, video_resumed, video_completed / video_started, video_abandoned
    downloads | downloadId | type | DOWNLOAD_REQUESTED, DOWNLOAD_STARTED, DOWNLOAD_FINISHED / DOWNLOAD_REQUESTED, DOWNLOAD_STARTED, DOWNLOAD_FAILED
    locks | lockId | type | LockRequested, LockAcquired, LockReleased / LockRequested, LockTimedOut
    leases | leaseId | type | lease-granted, lease-renewed, lease-expired / lease-granted, lease-revoked
    pods | pod.uid | type | PodScheduled, ImagePulled, ContainerStarted / PodScheduled, ImagePullFailed
    scaling | scalingId | type | ScaleUpStarted, NodeAdded, ScaleUpCompleted
    backups | backupId | type | BackupStarted, SnapshotCreated, BackupCompleted / BackupStarted, SnapshotFailed, BackupFailed
    rebalances | rebalanceId | type | RebalanceStarted, PartitionsAssigned, RebalanceCompleted
    elections | electionId | type | ElectionStarted, LeaderElected, ElectionFinished
    sensors | sensorId | type | sensor.activated, reading.recorded, sensor.deactivated
    sockets | socketId | type | connected, subscribed, disconnected
    rows of a table | customerRef | type | CustomerCreated, CustomerUpdated, CustomerActivated / CustomerCreated, CustomerDeleted
    an index, a topic per type | documentId | topic | document-saved, document-indexed
    pictures, a topic per type | imageId | topic | thumbnail-requested, thumbnail-rendered, thumbnail-stored
    lessons | enrolmentId | type | LessonStarted, QuizPassed, LessonCompleted / LessonStarted, QuizFailed
    profiles | userId | type | UserRegistered, EmailVerified, ProfileCompleted
    password resets | resetId | type | PasswordResetRequested, EmailSent, PasswordResetCompleted / PasswordResetRequested, EmailSent, LinkExpired
    notices | notificationId | type | NotificationQueued, PushSent, PushDelivered / NotificationQueued, PushSent, PushFailed
    queries | queryId | type | query.started, query.completed
    stages | stageKeyId | type | stage_submitted, task_started, task_finished, stage_completed / stage_submitted, task_started, task_failed, stage_failed
    tasks of a pool | taskId | type | TASK_SUBMITTED, TASK_STARTED, TASK_DONE / TASK_SUBMITTED, TASK_REJECTED
    mails as CloudEvents | mailId | type | io.acme.mail.queued.v1, io.acme.mail.sent.v1, io.acme.mail.opened.v1
    matches | matchId | type | MatchStarted, GoalScored, MatchFinished
    searches | searchId | type | search-requested, results-returned, result-clicked
    calls of a server | correlationId | type | RequestReceived, TokenValidated, ResponseSent / RequestReceived, TokenRejected, ResponseSent
    health checks | checkId | type | HealthCheckStarted, ProbeSucceeded, HealthCheckFinished / HealthCheckStarted, ProbeFailed, HealthCheckFinished
    alerts | alertId | type | AlertFired, AlertAcknowledged, AlertResolved
    deployments | deploymentId | type | DeploymentStarted, PodsReady, DeploymentSucceeded / DeploymentStarted, DeploymentRolledBack
    loads of a warehouse | etlId | type | extract.completed, transform.completed, load.completed / extract.completed, transform.failed
    a camera | clipId | type | MotionDetected, RecordingStarted, RecordingStopped
    doors | cycleId | type | DoorOpened, DoorClosed
    a crawler | pageId | type | PageFetched, LinksExtracted, PageIndexed
    surveys | surveyId | type | SurveyStarted, QuestionAnswered, SurveySubmitted / SurveyStarted, SurveyAbandoned
    tokens | tokenId | type | TokenIssued, TokenRefreshed, TokenRevoked
    telephone | callId | type | call.ringing, call.answered, call.ended / call.ringing, call.declined
    printers | printId | type | PrintQueued, PagePrinted, PrintCompleted / PrintQueued, PrintAborted
    """)

  static let sagas: [Row] = Row.all(
    """
    two events of two services | orderId | type | OrderStarted@orders+orders, PaymentCompleted@payments+billing
    named steps of one orchestrator | processRef | type | ProcessStarted, StepCompleted#stock, StepCompleted#payment, ProcessFinished / ProcessStarted, StepCompleted#stock, StepFailed#payment, ProcessFailed!
    orders, a topic per type | orderId | topic | order-placed, stock-reserved, payment-taken, order-delivered / order-placed, stock-reserved, payment-failed, stock-released, order-cancelled!
    a trip | tripId | type | TripRequested, FlightReserved, HotelReserved, TripConfirmed / TripRequested, FlightReserved, HotelRejected, FlightReleased, TripCancelled!
    loans | loanId | type | LOAN_SUBMITTED, CREDIT_CHECKED, LOAN_APPROVED, FUNDS_DISBURSED / LOAN_SUBMITTED, CREDIT_CHECKED, LOAN_DECLINED!
    orders as CloudEvents | data.orderId | ce.type | com.shop.order.placed, com.shop.stock.reserved, com.shop.payment.captured, com.shop.order.shipped / com.shop.order.placed, com.shop.stock.unavailable, com.shop.order.cancelled!
    commands and replies | sagaId | type | ReserveStock@stock-commands, StockReserved@replies, ChargeCard@card-commands, CardCharged@replies / ReserveStock@stock-commands, StockReserved@replies, ChargeCard@card-commands, CardDeclined@replies, ReleaseStock@stock-commands, StockReleased@replies!
    a laboratory of three services | sampleId | type | SampleCollected+intake, SampleAnalyzed+analyzer, ReportApproved+reporting / SampleCollected+intake, SampleSpoiled+analyzer!
    a machine whose slot is given back | productionId | type | SlotAllocated, MachineConfigured, ProductCompleted / SlotAllocated, MachineFailed, SlotDeallocated!
    invitations | invitationId | type | InvitationSent, InvitationAccepted / InvitationSent, InvitationDeclined!
    claims | claimNumber | type | claim-filed, damage-assessed, payout-approved, claim-paid / claim-filed, damage-assessed, claim-rejected!
    refunds | refundId | type | RefundRequested, RefundApproved, RefundPaid / RefundRequested, RefundRejected!
    accounts | applicationId | type | ApplicationSubmitted, IdentityVerified, AccountApproved / ApplicationSubmitted, IdentityRejected, ApplicationDeclined!
    a workflow engine | workflowId | type | WorkflowExecutionStarted, ActivityTaskCompleted, WorkflowExecutionCompleted / WorkflowExecutionStarted, ActivityTaskFailed, WorkflowExecutionFailed!
    German orders | bestellId | typ | BestellungAufgegeben, LagerReserviert, ZahlungErhalten, BestellungVersendet / BestellungAufgegeben, LagerReserviert, ZahlungAbgelehnt, LagerFreigegeben, BestellungStorniert!
    meals | orderRef | type | order_placed, restaurant_accepted, courier_assigned, meal_delivered / order_placed, restaurant_rejected, payment_refunded!
    transfers, a topic per service | transferId | type | TransferInitiated@transfers, AccountDebited@accounts, AccountCredited@accounts, TransferCompleted@transfers / TransferInitiated@transfers, AccountDebited@accounts, CreditFailed@accounts, DebitReversed@accounts!
    a row's status | after.id | after.status | NEW, RESERVED, PAID, SHIPPED / NEW, RESERVED, PAYMENT_DECLINED, CANCELLED!
    subscriptions | subscriptionId | type | SubscriptionRequested, InvoiceSent, InvoicePaid, SubscriptionActivated / SubscriptionRequested, InvoiceSent, PaymentDeclined!
    a number that moves between two companies | portingId | type | PortInRequested+gaining, PortInAccepted+losing, NumberActivated+gaining / PortInRequested+gaining, PortInRejected+losing!
    rentals | rentalId | data.kind | RentalRequested, CarReserved, DepositCharged, CarHandedOver / RentalRequested, CarUnavailable!
    parcels | parcelId | type | parcel.registered, parcel.dispatched, parcel.delivered / parcel.registered, parcel.dispatched, parcel.lost!
    """)

  @Test(
    "what one program begins and ends for itself is listed, and not called completed or stuck", arguments: technical)
  func ofOneProgram(row: Row) {
    let inferred = Inference.system(of: row.set, name: "technical")
    #expect(inferred.sagas.isEmpty, "\(inferred.sagas.map { $0.parts[0].evidence })")
    #expect(inferred.others.reduce(0) { $0 + $1.count } == inferred.messages)
  }

  @Test("what several take part in is a saga, and none that failed is completed", arguments: sagas)
  func ofSeveral(row: Row) throws {
    let inferred = Inference.system(of: row.set, name: "sagas")
    let saga = try #require(inferred.sagas.first, "\(inferred.unproven)")
    #expect(inferred.sagas.count == 1 && saga.flows == 24)
    #expect(saga.definition.identities.flatMap(\.sources).contains(.path(row.id)))
    for flow in row.flows {
      let last = flow.events.reversed().lazy.compactMap { event in
        saga.definition.events.first { $0.type == event.type }?.ends
      }.first
      #expect(flow.isGood ? last != .failed && last != .compensated : last != .completed)
    }
  }

  @Test("all of it in one cluster is no saga, and hides none")
  func cluster() {
    var samples = Samples()
    for row in Self.technical where row.type == ["type"] { row.add(to: &samples) }
    #expect(Inference.system(of: samples.set, name: "cluster").sagas.isEmpty)
    for row in Self.sagas.prefix(3) where row.type == ["type"] { row.add(to: &samples) }
    let sagas = Inference.system(of: samples.set, name: "cluster").sagas
    #expect(Set(sagas.flatMap { $0.definition.identities.map(\.name) }) == ["orderId", "processRef"])
  }

  @Test("what is not shown as a saga is told with its id and the evidence")
  func unproven() {
    let inferred = Inference.system(of: Self.technical[1].set, name: "connections")
    #expect(inferred.unproven.map(\.id) == ["connectionId"] && inferred.unproven.map(\.flows) == [24])
    #expect(inferred.unproven.first?.evidence == "1 of the 4 points that a saga needs: events about 2 subjects (1)")
  }

  @Test("what a saga of several participants is beside a visitor's id is found by its own id")
  func beside() {
    var samples = Samples()
    for number in 0..<24 {
      let types = ["PageViewed", "ProductViewed", "OrderPlaced", "PaymentTaken", "OrderDelivered"]
      for (place, type) in types.enumerated() {
        let order = place > 1 ? ",\"orderId\":\"o-\(1000 + number * 3)\"" : ""
        samples.add(
          "{\"type\":\"\(type)\",\"visitorId\":\"v-\(500 + number * 7)\"\(order)}", at: Int64(number * 50 + place))
      }
    }
    let inferred = Inference.system(of: samples.set, name: "beside")
    #expect(inferred.sagas.first?.definition.identities.first?.name == "orderId")
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}
