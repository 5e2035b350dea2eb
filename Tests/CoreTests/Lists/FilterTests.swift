import Testing

@testable import Core

@Suite("Filters")
struct FilterTests {
  private static func filter(_ text: String, _ vocabulary: FilterVocabulary = SagaRow.vocabulary) throws(FilterError)
    -> Filter
  {
    try Filter(parsing: text, for: vocabulary)
  }

  @Test(
    "an invalid filter gives an error with the column and a suggestion",
    arguments: [
      ("status:stuk", "column 8: unknown status `stuk`; did you mean `stuck`?"),
      ("type:order !status:stuk", "column 20: unknown status `stuk`; did you mean `stuck`?"),
      ("status:stuc", "column 8: unknown status `stuc`; did you mean `stuck`?"),
      ("status:st*", "column 8: unknown status `st*`"),
      ("colour:red", "column 1: sagas have no word `colour`"),
      ("stauts:stuck", "column 1: sagas have no word `stauts`; did you mean `status`?"),
      ("any:x", "column 1: sagas have no word `any`"), ("lag>5", "column 1: sagas have no word `lag`"),
      ("id:", "column 4: `id:` has no value"), ("status:", "column 8: `status:` has no value"),
      ("\"id:\"", "column 5: `id:` has no value"), ("id:\"\"", "column 4: `id:` has no value"),
      ("age>", "column 5: `age>` has no value"), ("x !", "column 3: a word is missing here"),
      ("\"\"", "column 1: a word is missing here"), ("!!status:stuck", "column 2: `!` stands twice"),
      ("age>soon", "column 5: `soon` is no duration"), ("age>1e3s", "column 5: `1e3s` is no duration"),
      ("age>-5m", "column 5: `-5m` is no duration"), ("age>0x10s", "column 5: `0x10s` is no duration"),
      ("age>infs", "column 5: `infs` is no duration"), ("age>5", "column 5: `5` is no duration"),
      ("age:5m", "column 4: unknown comparison `:`: `age` takes >, >=, <, <="),
      ("age=5m", "column 4: unknown comparison `=`"), ("age~5m", "column 4: unknown comparison `~`"),
      ("status>failed", "column 7: unknown comparison `>`: `status` takes :, ="),
      ("status!=failed", "column 7: unknown comparison `!=`: write `!` before the word"),
      (":x", "column 1: no word before `:`"), ("error:\"card", "column 7: this quote is not closed"),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: FilterError.self) { try Self.filter(text) }
    #expect(error?.message.hasPrefix(message) ?? false, "\(error?.message ?? "")")
  }

  @Test("an error suggests a known word only if one is similar, whatever the filter contains")
  func suggestion() {
    func suggestion(_ text: String) -> String? {
      #expect(throws: FilterError.self) { try Self.filter(text) }?.suggestion
    }
    #expect(suggestion("status:stuk") == "stuck" && suggestion("stats:stuck") == "status")
    #expect(suggestion("status:\"did you mean\"") == nil)
    #expect(FilterError.unknownName("mornin", among: ["morning"]).suggestion == "morning")
  }

  @Test("the error for an unknown word lists the known ones")
  func known() {
    let error = #expect(throws: FilterError.self) { try Self.filter("step:x", LockRow.vocabulary) }
    #expect(
      error?.message.contains("(they have id, type, pattern, status, node, holder, source, age, ttl, waiters") ?? false)
  }

  @Test("a word of a megabyte is parsed in linear time", .timeLimit(.minutes(1)))
  func long() throws {
    let word = String(repeating: "x", count: 1 << 20)
    #expect(try Self.filter("id:\(word)", LockRow.vocabulary).terms.count == 1)
  }

  @Test("quotes keep blanks; quoted text is plain unless a known word precedes it; misplaced symbols are text")
  func words() throws {
    #expect(
      try Self.filter("error:\"card declined\" x").terms == [
        .init(word: "error", test: .contains(Array("card declined".utf8)), isNegated: false),
        .init(word: nil, test: .contains([0x78]), isNegated: false),
      ])
    #expect(
      try Self.filter("\"http:x\" 7f:3").terms == [
        .init(word: nil, test: .contains(Array("http:x".utf8)), isNegated: false),
        .init(word: nil, test: .contains(Array("7f:3".utf8)), isNegated: false),
      ])
  }

  @Test(
    "a filter for an action must require a value of a named field",
    arguments: [
      ("status:stuck", true), ("!type:order status:stuck", true), ("id=5", true), ("age>5m", true), ("", false),
      ("   ", false), ("payment", false), ("!payment", false), ("!status:stuck", false), ("!status:stuck pay", false),
    ])
  func decisive(text: String, isDecisive: Bool) throws {
    #expect(try Self.filter(text).isDecisive == isDecisive)
    let filter = try? Filter(parsing: text, for: SagaRow.vocabulary, decidesAction: true)
    #expect((filter != nil) == isDecisive)
  }

  @Test(
    "on a screen a part of an id matches; for an action only the whole id, or `*`; `=` is always exact",
    arguments: [
      ("id:7f", ["7f", "7F3a", "7f3a", "a7f*"], ["7f"]), ("id:7f*", ["a7f*"], ["7f", "7f3a"]),
      ("id=7f", ["7f"], ["7f"]), ("id=a7f*", ["a7f*"], ["a7f*"]), ("id:*f*", [], ["7f", "7f3a", "a7f*"]),
    ])
  func ids(text: String, onScreen: [String], forAction: [String]) throws {
    let all = ["7f", "7F3a", "7f3a", "a7f*"]
    func ids(_ filter: Filter) -> [String] {
      all.filter { filter.matches(TypeRow(type: "order", id: $0), now: .distantPast) }
    }
    let vocabulary = FilterVocabulary("rows", TypeRow.self)
    #expect(ids(try Filter(parsing: text, for: vocabulary)) == onScreen)
    #expect(ids(try Filter(parsing: text, for: vocabulary, decidesAction: true)) == forAction)
  }

  @Test(
    "a name matches completely, with `*` for any characters; unknown values are neither greater nor less",
    arguments: [
      ("type:order", true), ("type:ORDER", true), ("type:ord", false), ("type:ord*", true), ("type:*d*r", true),
      ("type=Order", false), ("!type:ord", true), ("size>1", false), ("!size>1", false), ("weight>=2.5", true),
      ("weight>2.5", false), ("weight=2.5", true), ("weight<=2.4", false), ("rde", true), ("!rde", false),
    ])
  func rows(text: String, isFound: Bool) throws {
    let filter = try Filter(parsing: text, for: FilterVocabulary("rows", TypeRow.self))
    #expect(filter.matches(TypeRow(type: "order", id: "5"), now: .distantPast) == isFound)
  }

  @Test(
    "every list parses the filters that it writes",
    arguments: ["a b", "a\"b", "a\\b", "\u{a0}x\ty", "id:", "!"])
  func written(value: String) throws {
    let filter = try Self.filter(Filter.text("node", value))
    #expect(filter.terms.map(\.test) == [.contains(value.utf8.map(ASCIIMatch.lowered))])
    #expect(try Self.filter(Filter.text(pattern: value)).terms.map(\.test) == [.equals(Array(value.utf8))])
  }

  @Test("every list has `id` or its name, and no word twice")
  func vocabularies() {
    for vocabulary in [
      SagaRow.vocabulary, EventRow.vocabulary, LockRow.vocabulary, GroupRow.vocabulary, TopicRow.vocabulary,
      ServiceLine.vocabulary, NodeRow.vocabulary, MemberRow.vocabulary, CompensationView.vocabulary,
      FailurePatternRow.vocabulary, ActionRecord.vocabulary,
    ] {
      let names = vocabulary.words.map(\.name)
      #expect(Set(names).count == names.count, "\(vocabulary.list): \(names)")
      #expect(names.contains("id") || names.contains("pattern"), "\(vocabulary.list)")
      #expect(vocabulary.words.contains { $0.isSearched }, "\(vocabulary.list)")
    }
  }

  @Test("ids are compared by bytes: two Unicode normal forms are two sagas")
  func normalForms() throws {
    var maker = EventMaker()
    let store = maker.store()
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0, id: composed), maker.event("order-created", at: 10, id: decomposed),
        maker.event("inventory-reserved", at: 20, id: decomposed),
      ]))
    #expect(store.sagas(SagaQuery(), now: ShopFixture.time(30)).total == 2)
    #expect(store.find(id: composed) != store.find(id: decomposed))
    let filter = try Filter(parsing: "id=\(decomposed)", for: SagaRow.vocabulary)
    let rows = store.sagas(SagaQuery(filter: filter), now: ShopFixture.time(30)).rows
    #expect(rows.map { Array($0.id.utf8) } == [Array(decomposed.utf8)])
  }
}

private struct TypeRow: Filterable {
  var type: String
  var id: String

  static let filterWords: [FilterWord<TypeRow>] = [
    .init("id", .id) { row, _ in .texts(row.id) },
    .init("type", .name, isSearched: true) { row, _ in .texts(row.type) },
    .init("size", .number) { _, _ in .number(nil) },
    .init("weight", .number) { _, _ in .number(2.5) },
  ]
}
