/// Steps and event rules of one kind of saga, as they were read from its flows.
struct InferredRules {
  var steps: [StepDefinition] = []
  var events: [EventRule] = []
}
