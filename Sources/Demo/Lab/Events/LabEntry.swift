/// One line of the lab's ledger, with all of these members:
///
/// * `time`: milliseconds since 1970; the same as the event's in the store and the line's in the job's log.
/// * `sagaId`, `pod`: whose it is, by the orchestrator's id and by the name of its job's pod.
/// * `event`: the event's type in the store.
/// * `step`, `effect`: what it did: `started` (the saga), `completed`, `failed`, `compensated`, `compensationFailed` to a step;
///   `ended` with the saga's status as `status`.
/// * `status`: the saga's status from then on.
/// * `error`: why it failed; null without a reason.
struct LabEntry {
  let time: Int64
  let saga: LabSaga
  let event: String
  let step: LabStep?
  let effect: String
  let error: String?

  var line: JSON {
    .members([
      "time": .number(String(time)), "sagaId": .string(saga.id), "pod": .string(saga.pod), "event": .string(event),
      "step": .optional(step?.rawValue), "effect": .string(effect), "status": .string(saga.status.rawValue),
      "error": .optional(error),
    ])
  }
}
