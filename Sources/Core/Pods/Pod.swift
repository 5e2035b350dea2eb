/// A pod according to the Kubernetes API. All texts are external input and are truncated.
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

    /// The process did not end successfully.
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
  /// The service that the pod is an instance of; `nil` if no label names one.
  package var service: String?
  /// The node that it runs on.
  package var node: String?
  /// From the image of the container that does its work.
  package var version: String?
  /// Identifies the version of the pod's template.
  package var revision: String?
  package var phase = Phase.unknown
  package var isReady = false
  /// Total of all containers.
  package var restarts = 0
  package var createdAt: Timestamp?
  /// Deletion was requested.
  package var isTerminating = false
  package var waiting: Waiting?
  /// The latest termination of any container.
  package var termination: Termination?
  /// `Evicted`, `NodeLost`, with the message.
  package var reason: String?
  package var message: String?
  /// Why it cannot be scheduled.
  package var unschedulable: String?
  /// The job's name. A job's pod is complete after a successful exit.
  package var job: String?

  package init(id: ID) {
    self.id = id
  }
}

/// A Kubernetes event about a pod. The API stores it for about an hour.
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

/// Changes that a Kubernetes watch reported since the previous sample.
package struct PodSample: Sendable, Equatable {
  package enum Change: Sendable, Equatable {
    case pod(Pod)
    case gone(Pod.ID)
    case event(PodEvent)
    /// A complete list: pods that are not in it are gone.
    case all([Pod.ID])
  }

  package var time: Timestamp
  package var changes: [Change]

  package init(time: Timestamp, changes: [Change]) {
    self.time = time
    self.changes = changes
  }
}
