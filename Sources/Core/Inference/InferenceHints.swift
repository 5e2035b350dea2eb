/// What the user has configured for a system; the rest is inferred.
package struct InferenceHints: Sendable, Equatable {
  /// Fields of the sagas' ids.
  package var ids: [FieldSource]
  package var type: [FieldSource]
  /// The steps in order.
  package var flow: [String]
  /// Words and whole names, by meaning.
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
