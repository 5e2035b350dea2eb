import CFuzzCoverage
import Glibc
import TestRandom

/// A parser of external data.
struct FuzzTarget {
  var name: String
  /// Initial inputs.
  var seeds: [[UInt8]]
  /// The maximum size of an input in bytes. Slow targets have a smaller limit.
  var longest = 1024
  /// Creates the function that reads one input. The function may cache expensive objects.
  var make: () throws -> ([UInt8]) -> Void
}

/// Runs a target with many inputs. With coverage counters, inputs that reach new code are stored and mutated further; otherwise only the
/// seeds are mutated. An input that crashes the program is written to a file.
struct Fuzzer {
  struct Limits {
    var seconds = 4.0
    var inputs = Int.max
    var seed: UInt64 = 1
  }

  private static let mostKept = 4000
  /// Time limit for 64 inputs, in seconds. The sanitizer slows everything down several times.
  private static let patience: UInt32 = 20

  let limits: Limits

  func run(_ target: FuzzTarget) throws {
    let take = try target.make()
    var mutator = Mutator(random: SeededRandom(seed: limits.seed), longest: target.longest)
    var kept = target.seeds.isEmpty ? [[]] : target.seeds
    sg_fuzz_forget()
    for _ in 0..<2 {
      for seed in kept { give(seed, to: take) }
      _ = sg_fuzz_has_news(1)
    }
    let (start, end) = (ContinuousClock.now, ContinuousClock.now + .seconds(limits.seconds))
    var count = 0
    while count < limits.inputs {
      // Reading the clock costs as much as a short input.
      if count & 63 == 0 {
        if ContinuousClock.now >= end { break }
        sg_fuzz_patience(Self.patience)
      }
      let input = mutator.mutated(kept[mutator.below(kept.count)], others: kept)
      give(input, to: take)
      count += 1
      if sg_fuzz_has_news(count & 1023 == 0 ? 1 : 0) != 0, kept.count < Self.mostKept { kept.append(input) }
    }
    sg_fuzz_patience(0)
    let time = (ContinuousClock.now - start) / .seconds(1)
    print("\(target.name): \(count) inputs in \(time.rounded()) s, \(kept.count) kept, seed \(limits.seed)")
    fflush(nil)
  }

  func give(_ input: [UInt8], to take: ([UInt8]) -> Void) {
    input.withUnsafeBufferPointer { sg_fuzz_input($0.baseAddress, $0.count) }
    take(input)
  }
}
