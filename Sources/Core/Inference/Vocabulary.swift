/// The meanings of words in event names. A verb is known in its base form ("cancel"), past ("cancelled") and gerund ("cancelling"); states
/// and outcomes ("success", "unavailable") have one form. A word without a class has no meaning.
package struct Vocabulary: Sendable {
  package enum WordClass: String, Sendable, CaseIterable {
    /// The whole is complete: a saga with this as its last event ended successfully.
    case done
    /// A step is complete; only the flows show whether it was the last.
    case acted
    /// A step is complete, and others are expected to follow.
    case prepared
    case asked
    case begun
    case restarted
    case failed
    case undone
    /// It stops something, intentionally or not.
    case halted
    /// Information that changes no state.
    case told
  }

  enum Form: Sendable {
    case base
    case past
    case ongoing
    /// An adjective, noun or adverb.
    case state
  }

  struct Word: Sendable, Equatable {
    var kind: WordClass
    var form: Form
    /// The verb's base form, or the state itself.
    var base: String
  }

  package static let standard = Vocabulary()
  /// Configured meanings of whole names and single words.
  private let given: [String: WordClass]

  /// `words` are words or whole names, in any notation.
  package init(_ words: [WordClass: [String]] = [:]) {
    var given: [String: WordClass] = [:]
    for (kind, list) in words { for word in list { given[Self.key(word)] = kind } }
    self.given = given
  }

  func given(_ name: String) -> WordClass? { given.isEmpty ? nil : given[Self.key(name)] }

  /// Joins trailing words that are configured together, such as "put-back" and "WanCheng".
  func joining(_ words: [String]) -> [String] {
    guard !given.isEmpty else { return words }
    for count in stride(from: min(4, words.count - 1), through: 2, by: -1) {
      let last = words.suffix(count).joined()
      if given[Self.key(last)] != nil { return words.dropLast(count) + [last] }
    }
    return words
  }

  subscript(word: String) -> Word? {
    if let kind = given(word) { return Word(kind: kind, form: .state, base: word) }
    let word = Self.plain(word)
    return Self.words[word] ?? Self.derived(word)
  }

  private static func key(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// "unlocked" undoes "locked"; "resubmitted", "preauthorized" and "autoapproved" mean the same as without the prefix.
  private static func derived(_ word: String) -> Word? {
    for prefix in ["un", "de", "re", "pre", "auto"] where word.hasPrefix(prefix) {
      guard let rest = words[String(word.dropFirst(prefix.count))], rest.form != .state else { continue }
      let reverses = prefix == "un" || prefix == "de"
      guard reverses else { return Word(kind: rest.kind, form: rest.form, base: prefix + rest.base) }
      let canBeUndone = [.done, .acted, .prepared].contains(rest.kind) && (rest.form == .past || prefix == "de")
      return canBeUndone ? Word(kind: .undone, form: rest.form, base: prefix + rest.base) : nil
    }
    return nil
  }

  private static let words: [String: Word] = {
    var words: [String: Word] = [:]
    func add(_ word: String, _ kind: WordClass, _ form: Form, _ base: String) {
      if words[word] == nil { words[word] = Word(kind: kind, form: form, base: base) }
    }
    for (kind, list) in states { for word in list.split(separator: " ") { add("\(word)", kind, .state, "\(word)") } }
    for (kind, list) in pasts { for word in list.split(separator: " ") { add("\(word)", kind, .past, "\(word)") } }
    for (kind, list) in verbs {
      for verb in list.split(separator: " ").map(String.init) {
        for past in irregular[verb] ?? regularPasts(verb) { add(past, kind, .past, verb) }
        for ongoing in gerunds(verb) { add(ongoing, kind, .ongoing, verb) }
      }
    }
    add("rollingback", .undone, .ongoing, "rollback")
    for (kind, list) in foreign { for word in list.split(separator: " ") { add("\(word)", kind, .past, "\(word)") } }
    for (kind, list) in verbs {
      for verb in list.split(separator: " ").map(String.init) where !nouns.contains(verb) {
        add(verb, kind, .base, verb)
      }
    }
    return words
  }()

  private static func regularPasts(_ verb: String) -> [String] {
    guard let last = verb.last else { return [] }
    if last == "e" { return [verb + "d"] }
    if last == "y", let before = verb.dropLast().last, !"aeiou".contains(before) { return [verb.dropLast() + "ied"] }
    return "aeiouwxy".contains(last) ? [verb + "ed"] : [verb + "ed", verb + "\(last)ed"]
  }

  private static func gerunds(_ verb: String) -> [String] {
    guard let last = verb.last else { return [] }
    if last == "e", !verb.hasSuffix("ee") { return [verb.dropLast() + "ing"] }
    return "aeiouwxy".contains(last) ? [verb + "ing"] : [verb + "ing", verb + "\(last)ing"]
  }
}

// The word lists. A verb occurs once; an ambiguous verb is in the class with the weaker claim.
extension Vocabulary {
  private static let verbs: [(WordClass, String)] = [
    (
      .done,
      """
      complete finish succeed fulfil fulfill conclude finalize finalise close settle resolve deliver ship confirm approve accept grant \
      activate pay sell win fund disburse accomplish execute arrive certify ratify graduate redeem renew pass commit deploy enroll enrol \
      onboard subscribe enact effectuate
      """
    ),
    (
      .acted,
      """
      create charge capture debit credit deduct take send issue generate book buy purchase order transfer deposit bill invoice dispatch \
      pack pick load install configure provision register assign attach add insert append enable link connect upload download import \
      export convert render transform compute calculate build compile mint stake swap bind post record save store persist replicate \
      migrate copy move collect gather admit board process handle produce print seal stamp serve cook bake dispense fill rent hire \
      match correlate enrich aggregate merge split index train scan sort reconcile remit reimburse reward award earn accrue distribute map route \
      depart land rate qualify sign publish purge join claim apply perform run offer invite make give cover apportion \
      consume exchange trade ticket decrease increase decrement increment decrypt encrypt
      """
    ),
    (
      .prepared,
      """
      reserve hold authorize authorise allocate lock validate verify check prepare place draft quote price estimate select choose plan \
      stage propose acquire earmark secure score assess evaluate review inspect screen probe vet identify authenticate initialize \
      initialise receive acknowledge ack open enter nominate recommend
      """
    ),
    (
      .asked,
      "search request require submit schedule queue enqueue await pend demand ask trigger invoke instruct order expect"
    ),
    (.begun, "start begin initiate launch continue proceed wait"),
    (.restarted, "retry restart resume rerun redrive reopen reactivate reattempt"),
    (
      .failed,
      """
      fail reject decline deny refuse abort error err expire timeout terminate crash bounce dishonor dishonour lapse lose miss exceed \
      disapprove disqualify veto invalidate breach violate conflict mismatch fault evict kill interrupt exhaust ban blacklist default \
      overdraw forfeit
      """
    ),
    (
      .undone,
      """
      cancel refund release revert reverse compensate rollback undo void restore return recall revoke rescind retract restock unreserve \
      unbook unassign unlock deallocate unwind chargeback reinstate reject-back
      """
    ),
    (
      .halted,
      """
      suspend pause disable deactivate delete remove archive unpublish detach disconnect leave exit quit escalate flag skip ignore drop \
      discard defer postpone delay throttle park block freeze dispute withdraw unsubscribe downgrade stop halt end destroy unlink abandon quarantine
      """
    ),
    (
      .told,
      """
      change update modify edit amend adjust notify log track view read see sync remind alert warn inform report broadcast emit ping \
      comment note label tag mark observe detect measure set refresh occur raise happen login logout announce email message print-out
      """
    ),
  ]

  /// Verbs that are nouns as often: as the first or last word of a name they are not a command.
  private static let nouns: Set<String> = [
    "order", "invoice", "ticket", "bill", "record", "price", "label", "index", "map", "stamp", "report", "email",
    "message", "note",
    "log", "alert", "comment", "set", "end", "error", "read", "stage", "board", "post", "claim", "rate", "route",
    "pass", "store",
    "train", "sign", "score", "quote", "draft", "plan", "return", "block", "exit", "match", "trade", "offer", "credit",
    "debit",
    "deposit", "transfer", "link", "view", "track", "leave", "fund", "lease", "login", "logout", "award", "reward",
    "park", "stock",
    "refund", "release", "timeout", "chargeback", "default", "conflict", "mismatch", "dispute", "breach", "void",
    "queue", "request",
    "schedule", "run", "cover", "split", "scan", "seal", "tag", "change", "update", "delay", "stop", "halt", "flag",
    "drop", "review",
    "lock", "hold", "estimate", "start", "check", "expect", "book", "charge", "capture", "purchase", "process",
    "handle", "place",
    "increase", "decrease", "exchange", "cook", "bake", "land", "copy",
  ]

  private static let pasts: [(WordClass, String)] = [
    (.done, "done wentthrough signedup paidout enrolled"),
    (
      .acted,
      "cleared checkedout handedover pickedup droppedoff checkedin setup loggedin optedin collected left met built"
    ),
    (
      .failed,
      "timedout backedout soldout ranout writtenoff gaveup givenup turneddown fellthrough damaged spoiled overdrawn"
    ),
    (.undone, "rolledback calledoff paidback putback chargedback sentback takenback undone"),
    (.halted, "loggedout optedout shutdown"),
  ]

  /// Participles of other languages as used in names, without words that have different meanings in two languages.
  private static let foreign: [(WordClass, String)] = [
    (
      .done,
      """
      abgeschlossen erledigt bezahlt geliefert versendet versandt zugestellt bestaetigt genehmigt erfolgreich completado completada \
      finalizado finalizada pagado pagada enviado enviada entregado entregada confirmado confirmada aprobado aprobada livre livree \
      termine terminee acheve achevee paye payee expedie expediee accepte acceptee confirme confirmee reussi reussie pago paga \
      concluido concluida entregue aprovado aprovada completato completata pagato pagata spedito spedita consegnato consegnata \
      vollzogen ausgefuehrt ausgezahlt uebergeben indemnise indemnisee confermato confermata validee approuve approuvee realise realisee realizado realizada faturado faturada facturado facturada \
      approvato approvata gelukt geslaagd goedgekeurd afgerond verzonden bezorgd eingegangen gezahlt akzeptiert voltooid betaald geleverd verzonden bevestigd
      """
    ),
    (
      .acted,
      """
      ausgestellt emitido emitida emesso emessa emis emise angelegt erstellt erzeugt erhalten gebucht abgebucht creado creada generado generada cobrado cobrada cree creee debite debitee \
      criado criada verarbeitet gesendet verpackt abgeholt procesado procesada processado processada traite traitee envoye envoyee \
      enregistre enregistree registrado registrada registrato registrata elaborato elaborata verwerkt geplaatst embalado embalada debitado debitada creato creata aangemaakt ontvangen geboekt
      """
    ),
    (
      .prepared,
      "reserviert geprueft zugeteilt reservado reservada verificado verificada reservee verifie verifiee riservato riservata gereserveerd"
    ),
    (
      .begun,
      "unterwegs entransito emtransito entransit intransito onderweg gestartet begonnen iniciado iniciada demarre demarree commence commencee avviato avviata gestart"
    ),
    (
      .asked,
      "angefordert angefragt beantragt solicitado solicitada demande demandee richiesto richiesta aangevraagd eingereicht"
    ),
    (
      .failed,
      """
      fehlgeschlagen gescheitert abgewiesen zurueckgewiesen vencido vencida abgelehnt verweigert abgelaufen fehler fallido fallida rechazado rechazada denegado denegada expirado \
      echoue echouee refuse refusee rejete rejetee expire expiree recusado recusada falhou rejeitado rejeitada negado negada rifiutato \
      rifiutata fallito fallita scaduto scaduta mislukt geweigerd afgewezen verlopen
      """
    ),
    (
      .undone,
      """
      zurueckgegeben zurueckgesendet retourniert devuelto devuelta devolvido devolvida retourne retournee restituito restituita storniert freigegeben erstattet zurueckgebucht rueckgaengig widerrufen abgebrochen cancelado cancelada anulado anulada liberado \
      liberada reembolsado reembolsada revertido revertida annule annulee libere liberee rembourse remboursee estornado estornada \
      annullato annullata rilasciato rilasciata rimborsato rimborsata geannuleerd vrijgegeven terugbetaald
      """
    ),
  ]

  /// The words of other languages that are in one of the classes.
  static func foreignWords(_ classes: Set<WordClass>) -> Set<String> {
    Set(foreign.filter { classes.contains($0.0) }.flatMap { $0.1.split(separator: " ").map(String.init) })
  }

  /// Replaces letters with diacritics by plain ones.
  static func plain(_ word: String) -> String {
    guard word.utf8.contains(where: { $0 >= 0x80 }) else { return word }
    return word.reduce(into: "") { $0 += marks[$1] ?? String($1) }
  }

  private static let marks: [Character: String] = {
    var marks: [Character: String] = ["ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ñ": "n", "ç": "c"]
    for (plain, letters) in [("a", "áàâã"), ("e", "éèêë"), ("i", "íìîï"), ("o", "óòôõ"), ("u", "úùû")] {
      for letter in letters { marks[letter] = plain }
    }
    return marks
  }()

  private static let states: [(WordClass, String)] = [
    (.done, "success successful successfully ok okay true yes positive pass accc acsc"),
    (.prepared, "ready available clear accp actc acsp acwc acwp acfc rcvd"),
    (
      .failed,
      """
      failure error fail exception fault unavailable insufficient invalid missing unsuccessful unsuccessfully negative nack nok ko false denial \
      rejection refusal shortage violation overdue unauthorized unauthorised forbidden ineligible unpaid undelivered undeliverable \
      uncollectible unreachable unfulfilled notfound dead dlq dlt deadletter deadletters fraud fraudulent outofstock noshow pastdue \
      expiry expiration delinquent infeasible unprocessable unsupported unapproved unverified incorrect wrong exhausted broken \
      termination abortion timeout errors failures conflict mismatch breach unhealthy backoff rjct insuffisant insuffisante \
      insuficiente insufficiente unzureichend onvoldoende indisponible agotado esgotado esaurito uitverkocht ausverkauft
      """
    ),
    (
      .undone,
      """
      cancellation cancelation refund reversal compensation revocation restoration chargeback deallocation retraction rollback refunds \
      release void canc stornierung annulation cancelacion cancelamento annullamento annulering rueckbuchung reembolso remboursement \
      estorno rimborso terugbetaling erstattung
      """
    ),
    (
      .asked,
      "ausstehend offen pendiente pendente enattente inattesa enespera emespera openstaand pdng patc pending request required todo upcoming new initial waiting awaiting unprocessed"
    ),
    (.begun, "ongoing inprogress progress running active intransit transit outfordelivery inprocess start"),
    (.halted, "onhold inactive hold duplicate partial partially withdrawal"),
  ]

  private static let irregular: [String: [String]] = [
    "pay": ["paid"], "sell": ["sold"], "buy": ["bought"], "win": ["won"], "send": ["sent"], "take": ["taken", "took"],
    "make": ["made"], "build": ["built"], "hold": ["held"], "begin": ["begun", "began"], "undo": ["undone"],
    "withdraw": ["withdrawn"], "lose": ["lost"], "leave": ["left"], "give": ["given"], "freeze": ["frozen"],
    "choose": ["chosen"], "overdraw": ["overdrawn"], "put": ["put"], "read": ["read"], "see": ["seen"], "set": ["set"],
    "run": ["ran"], "split": ["split"], "quit": ["quit"], "bind": ["bound"], "rollback": ["rollbacked", "rolledback"],
    "timeout": ["timedout", "timeouted"], "unwind": ["unwound"], "rerun": ["reran"], "broadcast": ["broadcasted"],
    "chargeback": ["chargedback"], "retry": ["retried"], "notify": ["notified"], "reject-back": [], "print-out": [],
    "deny": ["denied"], "unbook": ["unbooked"], "redrive": ["redriven", "redrove"],
  ]
}
