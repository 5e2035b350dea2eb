import TestSupport

do {
  let cluster = try LagCluster()
  let readings = try LagReadings.take(21, from: cluster.server.brokers)
  print(readings.map { "\($0.took) \($0.requests)" }, try readings.map { try $0.lag() }, cluster.lag)
  let proxy = try DelayingProxy(to: cluster.server.port, delay: .milliseconds(20))
  let delayed = try LagReadings.take(11, from: proxy.brokers)
  print(delayed.map { "\($0.took) \($0.requests)" }, try delayed.map { try $0.lag() }, cluster.lag)
} catch {
  print(error)
}
