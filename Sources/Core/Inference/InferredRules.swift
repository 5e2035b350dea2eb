/// Steps and event rules of one kind of saga, inferred from its flows.
struct InferredRules {
  var steps: [StepDefinition] = []
  var events: [EventRule] = []
}
