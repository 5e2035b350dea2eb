import Core

/// What a broker said of consumer groups.
enum GroupAdminResponse {
  /// The groups that there are, and what failed where a broker did not tell.
  case listing(names: [String], failures: [Failure])
  /// Of one group, by the number that it was asked with.
  case description(number: Int, Result<Description, Failure>)
  /// Of one group, by the number that it was asked with: its commits, those alone that there are.
  case commits(number: Int, Result<[GroupSample.Commit], Failure>)

  struct Failure: Error {
    enum Kind {
      /// The broker does not know the request.
      case unsupported
      /// It may answer the next time.
      case noAnswer
      /// It does not want to.
      case refused
    }

    var kind: Kind
    var text: String

    static let late = Failure(kind: .noAnswer, text: "no answer in time")
  }

  struct Description {
    var state: GroupSample.State?
    var members: [GroupSample.Member]
  }
}
