import Collectors
import Configuration

/// What a recording says of itself, for what the command line and the configuration leave open.
enum RecordedSystem {
  /// The overrides of an invocation that reads a recording; those of any other as they are.
  static func laid(under invocation: Invocation) throws(CommandFailure) -> Overrides {
    var overrides = invocation.overrides
    guard let path = files(of: invocation).first else { return overrides }
    do throws(RecordingError) {
      let header = try RecordingPlayer.header(of: path)
      overrides.recordedSystem = header.system
      overrides.recordedContext = header.context
    } catch {
      throw CommandFailure(error.description, code: ExitCode.noInput)
    }
    return overrides
  }

  /// The recordings that an invocation reads, the oldest first.
  static func files(of invocation: Invocation) -> [String] {
    invocation.command == .replay ? invocation.words : invocation.recording.files
  }
}
