/// One user's request to be another's friend.
struct FriendRequest: Equatable {
  /// Tells requests apart for chance: a pair's later requests have numbers of their own.
  let number: Int
  let requester: Int
  let addressee: Int
  /// 1 for the first time that this user asks that one.
  let round: Int
  /// From the database, in the order in which the requests are sent.
  let friendshipId: Int

  var pair: String { "\(requester)-\(addressee)" }

  /// What an event of the request tells. A request that was rejected or taken back is deleted first, so that its id is not known any more.
  func fields(isDeleted: Bool) -> KeyValuePairs<String, JSON> {
    isDeleted
      ? [
        "friendship_id": .integer(0), "requester_id": .integer(requester), "addressee_id": .integer(addressee),
      ]
      : [
        "friendship_id": .integer(friendshipId), "requester_id": .integer(requester),
        "requester_name": .string("Unknown"), "addressee_id": .integer(addressee),
        "addressee_name": .string("Unknown"),
      ]
  }
}
