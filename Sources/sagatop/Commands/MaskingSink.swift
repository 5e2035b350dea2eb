import Configuration
import Core

/// A sink between collectors and store that hides secrets: texts from collectors may contain a configured password, which would reach
/// screens, reports and recordings.
struct MaskingSink: ObservationSink {
  private let sink: any ObservationSink
  private let secrets: Secrets

  init(_ sink: any ObservationSink, secrets: Secrets) {
    self.sink = sink
    self.secrets = secrets
  }

  var wantsOriginals: Bool { sink.wantsOriginals }

  func accept(_ batch: EventBatch) { sink.accept(batch) }

  func accept(_ status: SourceStatus) {
    var status = status
    status.error = status.error.map(secrets.mask)
    status.notes = status.notes.map(secrets.mask)
    sink.accept(status)
  }

  func accept(_ reading: LockSample) { sink.accept(reading) }

  func accept(_ reading: LagSample) {
    var reading = reading
    for index in reading.groups.indices { reading.groups[index].error = reading.groups[index].error.map(secrets.mask) }
    sink.accept(reading)
  }

  func accept(_ sample: TraceSample) {
    var sample = sample
    if case .failed(let reason) = sample.outcome { sample.outcome = .failed(secrets.mask(reason)) }
    sink.accept(sample)
  }

  /// Texts of the Kubernetes API, which do not repeat credentials.
  func accept(_ sample: PodSample) { sink.accept(sample) }

  /// Already masked by the action executor.
  func accept(_ actions: [ActionRecord]) { sink.accept(actions) }

  func accept(_ reading: ServiceSample) {
    var reading = reading
    switch reading.outcome {
    case .failed(let reason): reading.outcome = .failed(secrets.mask(reason))
    case .notAsked(let reason): reading.outcome = .notAsked(secrets.mask(reason))
    case .noMetrics(let reason): reading.outcome = .noMetrics(secrets.mask(reason))
    case .answered(let answer): reading.outcome = .answered(mask(answer))
    case .metrics(let metrics): reading.outcome = .metrics(mask(metrics))
    }
    sink.accept(reading)
  }

  /// A service may repeat credentials in its response.
  private func mask(_ answer: ServiceSample.Answer) -> ServiceSample.Answer {
    guard !secrets.isEmpty else { return answer }
    var answer = answer
    answer.excerpt = Array(secrets.mask(String(decoding: answer.excerpt, as: UTF8.self)).utf8)
    answer.location = answer.location.map(secrets.mask)
    answer.body.status = answer.body.status.map(secrets.mask)
    answer.body.detail = answer.body.detail.map(secrets.mask)
    answer.body.problem = answer.body.problem.map(secrets.mask)
    for place in answer.body.components.indices {
      answer.body.components[place].name = secrets.mask(answer.body.components[place].name)
      answer.body.components[place].status = secrets.mask(answer.body.components[place].status)
      answer.body.components[place].detail = answer.body.components[place].detail.map(secrets.mask)
    }
    for place in answer.body.circuits.indices {
      answer.body.circuits[place].name = secrets.mask(answer.body.circuits[place].name)
    }
    for place in answer.body.projections.indices {
      answer.body.projections[place].name = secrets.mask(answer.body.projections[place].name)
      answer.body.projections[place].status = secrets.mask(answer.body.projections[place].status)
    }
    return answer
  }

  private func mask(_ metrics: MetricsPage) -> MetricsPage {
    var metrics = metrics
    guard !secrets.isEmpty else { return metrics }
    metrics.firstBadLine = metrics.firstBadLine.map(secrets.mask)
    for place in metrics.counters.indices {
      metrics.counters[place].series = secrets.mask(metrics.counters[place].series)
    }
    for place in metrics.histograms.indices {
      metrics.histograms[place].series = secrets.mask(metrics.histograms[place].series)
    }
    for place in metrics.gauges.indices { metrics.gauges[place].name = secrets.mask(metrics.gauges[place].name) }
    return metrics
  }
}
