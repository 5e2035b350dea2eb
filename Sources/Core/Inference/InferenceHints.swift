/// What somebody has said of a system; the rest is inferred around it.
package struct InferenceHints: Sendable, Equatable {
  /// Where the ids of sagas lie.
  package var ids: [FieldSource]
  package var type: [FieldSource]
  /// The steps in their order.
  package var flow: [String]
  /// Words and whole names by what they mean.
  package var words: [Vocabulary.WordClass: [String]]

  package init(
    ids: [FieldSource] = [], type: [FieldSource] = [], flow: [String] = [],
    words: [Vocabulary.WordClass: [String]] = [:]
  ) {
    self.ids = ids
    self.type = type
    self.flow = flow
    self.words = words
  }

  var vocabulary: Vocabulary { words.isEmpty ? .standard : Vocabulary(words) }
}
