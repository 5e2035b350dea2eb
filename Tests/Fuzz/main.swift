import CFuzzCoverage
import Glibc

// sagatop-fuzz [--seconds N] [--inputs N] [--seed N] [TARGET...]   runs each target until a limit is reached
// sagatop-fuzz TARGET --file PATH                                   runs the target with one input, such as one that crashed it

let usage = "usage: sagatop-fuzz [--seconds N] [--inputs N] [--seed N] [--file PATH] [TARGET...]"
var limits = Fuzzer.Limits()
var file: String?
var names: [String] = []
var words = CommandLine.arguments.dropFirst()
while let word = words.popFirst() {
  guard word.hasPrefix("--") else {
    names.append(word)
    continue
  }
  guard let value = words.popFirst() else {
    print(usage)
    exit(64)
  }
  switch word {
  case "--seconds": limits.seconds = Double(value) ?? limits.seconds
  case "--inputs": (limits.inputs, limits.seconds) = (Int(value) ?? limits.inputs, 1e9)
  case "--seed": limits.seed = UInt64(value) ?? limits.seed
  case "--file": file = value
  default:
    print(usage)
    exit(64)
  }
}
let targets = try FuzzTarget.all()
if let unknown = names.first(where: { name in !targets.contains { $0.name == name } }) {
  print("sagatop-fuzz: unknown target \(unknown); known are \(targets.map(\.name).joined(separator: ", "))")
  exit(64)
}
let fuzzer = Fuzzer(limits: limits)
for target in targets where names.isEmpty || names.contains(target.name) {
  if let file {
    fuzzer.give(try Files.read(file), to: try target.make())
  } else {
    // The path must outlive the signal handler.
    sg_fuzz_guard(strdup("crash-\(target.name)-\(limits.seed)"))
    try fuzzer.run(target)
  }
}
