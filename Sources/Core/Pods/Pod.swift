/// A pod as the API of Kubernetes tells of it. All texts come from outside and are cut to a bound.
package struct Pod: Sendable, Equatable {
  package struct ID: Hashable, Sendable, Comparable {
    package var namespace: String
    package var name: String

    package init(namespace: String, name: String) {
      self.namespace = namespace
      self.name = name
    }

    package static func < (left: ID, right: ID) -> Bool { (left.namespace, left.name) < (right.namespace, right.name) }
  }

  package enum Phase: String, Sendable {
    case pending
    case running
    case succeeded
    case failed
    case unknown
  }

  /// Why a container does not run: `CrashLoopBackOff`, `ImagePullBackOff`.
  package struct Waiting: Sendable, Equatable {
    package var reason: String
    package var message: String?

    package init(_ reason: String, message: String? = nil) {
      self.reason = reason
      self.message = message
    }
  }

  /// The end of a container's process: `OOMKilled`, `Error`, `Completed`.
  package struct Termination: Sendable, Equatable {
    package var reason: String
    package var exitCode: Int?
    package var signal: Int?
    package var finishedAt: Timestamp?

    package init(_ reason: String, exitCode: Int? = nil, signal: Int? = nil, finishedAt: Timestamp? = nil) {
      self.reason = reason
      self.exitCode = exitCode
      self.signal = signal
      self.finishedAt = finishedAt
    }

    /// It did not end as it should.
    package var isFailure: Bool { reason != "Completed" || (exitCode ?? 0) != 0 }

    /// "was OOMKilled (exit code 137)", "ended with exit code 1".
    package var phrase: String {
      let code = exitCode.map { "exit code \($0)" } ?? signal.map { "signal \($0)" }
      if reason == "Error" || reason == "Completed" { return code.map { "ended with \($0)" } ?? "ended" }
      return "was \(reason)" + (code.map { " (\($0))" } ?? "")
    }
  }

  package static let longestText = 300

  package var id: ID
  /// The service whose instance it is; `nil` where no label tells one.
  package var service: String?
  /// The machine that it is on.
  package var node: String?
  /// Of the image of its first container.
  package var version: String?
  /// Tells the pods of one version of its template from those of another.
  package var revision: String?
  package var phase = Phase.unknown
  package var isReady = false
  /// Of all its containers.
  package var restarts = 0
  package var createdAt: Timestamp?
  /// It was told to end.
  package var isTerminating = false
  package var waiting: Waiting?
  /// The last of its containers' ends.
  package var termination: Termination?
  /// `Evicted`, `NodeLost`, and why.
  package var reason: String?
  package var message: String?
  /// Why no machine is found for it.
  package var unschedulable: String?
  /// A job's pod is done when it has ended well.
  package var job: String?

  package init(id: ID) {
    self.id = id
  }
}

/// An event of Kubernetes about a pod, which it tells of for an hour or so.
package struct PodEvent: Sendable, Equatable {
  package var pod: Pod.ID
  /// `FailedScheduling`, `BackOff`, `Evicted`, `Unhealthy`.
  package var reason: String
  package var message: String
  package var isWarning: Bool
  package var count: Int?
  package var lastAt: Timestamp?

  package init(
    pod: Pod.ID, reason: String, message: String, isWarning: Bool, count: Int? = nil, lastAt: Timestamp? = nil
  ) {
    self.pod = pod
    self.reason = reason
    self.message = message
    self.isWarning = isWarning
    self.count = count
    self.lastAt = lastAt
  }
}

/// What a watch of Kubernetes has told since the sample before.
package struct PodSample: Sendable, Equatable {
  package enum Change: Sendable, Equatable {
    case pod(Pod)
    case gone(Pod.ID)
    case event(PodEvent)
    /// The list was told from its beginning: pods that are not in it any more are gone.
    case all([Pod.ID])
  }

  package var time: Timestamp
  package var changes: [Change]

  package init(time: Timestamp, changes: [Change]) {
    self.time = time
    self.changes = changes
  }
}
