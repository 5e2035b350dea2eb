let known = ["decode", "catch-up"]
let wanted = CommandLine.arguments.dropFirst().isEmpty ? known : Array(CommandLine.arguments.dropFirst())
for name in wanted {
  switch name {
  case "decode": DecodingBench().run()
  case "catch-up": try CatchUpBench().run()
  default: print("sagatop-bench: unknown benchmark \(name) (known are \(known.joined(separator: ", ")))")
  }
}
