extension KeyTable {
  private static let anywhere = Scope.allCases.filter { $0 != .help }

  /// The keys of the live screen, and those of the clock.
  package static let replay = KeyTable(
    [
      Binding(.pausePlay, [.character("p")], in: anywhere, "pause the replay, or go on", hint: "pause"),
      Binding(.stepOn, [.character(".")], in: anywhere, "the next observation, and pause", hint: "step"),
      Binding(.faster, [.character("+"), .character("=")], in: anywhere, "faster, up to 1000 times", hint: "faster"),
      Binding(.slower, [.character("-")], in: anywhere, "slower", hint: "slower"),
      Binding(.seekBack, [.character("[")], in: anywhere, "10 seconds back; :seek 14:03, :seek -5m, :seek SAGA"),
      Binding(.seekForward, [.character("]")], in: anywhere, "10 seconds forward"),
    ] + standard.bindings)
}
