using System.Diagnostics.Metrics;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace EdgeShelf.Web;

/// <summary>
/// The device's metrics. Names are converted for Prometheus on export: `edgeshelf.captures` becomes `edgeshelf_captures_total`, and a unit is
/// appended.
/// </summary>
sealed class ShelfMetrics : IDisposable
{
    const string Name = "EdgeShelf";
    const string WebServerName = "Microsoft.AspNetCore.Hosting";

    // The buckets cover the milliseconds of a fast server and the seconds of a Pi Zero.
    static readonly double[] SecondsBuckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

    readonly Meter _meter = new(Name);
    readonly Counter<long> _captures;
    readonly Counter<long> _predictions;
    readonly Counter<long> _reviews;
    readonly Counter<long> _reviewAnswers;
    readonly Counter<long> _cacheHits;
    readonly Histogram<double> _captureTime;
    readonly Histogram<double> _decodeTime;
    readonly Histogram<double> _preprocessTime;
    readonly Histogram<double> _inferenceTime;
    readonly DurableOutbox _outbox;

    readonly BayMetrics _bay;

    public ShelfMetrics(
        ShelfStatus status, ActiveModel models, DurableOutbox outbox, IOptions<PublishOptions> publish, BayStatus bay, SlotCounters slots, TimeProvider clock)
    {
        _outbox = outbox;
        _bay = new BayMetrics(_meter, bay, slots, clock);
        _captures = _meter.CreateCounter<long>("edgeshelf.captures", description: "Pictures asked for, by trigger and outcome: ok, or the code of what went wrong.");
        _predictions = _meter.CreateCounter<long>("edgeshelf.predictions", description: "Pictures sent to /predict, by outcome: ok, or the code of what was wrong.");
        _reviews = _meter.CreateCounter<long>("edgeshelf.reviews", description: "Results of the camera that a person should look at, by reason.");
        _reviewAnswers = _meter.CreateCounter<long>("edgeshelf.review_answers", description: "What people answered in the review queue, by answer, and whether the device was right: yes, no or unsaid.");
        _cacheHits = _meter.CreateCounter<long>("edgeshelf.cache_hits", description: "Results answered without an inference because the picture was known or unchanged.");
        _captureTime = Duration("capture", "Time that the camera took for a picture.");
        _decodeTime = Duration("decode", "Time to decode a picture.");
        _preprocessTime = Duration("preprocess", "Time to resize and normalize a picture.");
        _inferenceTime = Duration("inference", "Time of the network for a picture.");

        _meter.CreateObservableGauge(
            "edgeshelf.build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", ProgramVersion.Text), new KeyValuePair<string, object?>("model", $"{models.Info}")),
            description: "Always 1; says which software and model run.");
        Gauge("edgeshelf.camera_up", () => status.Now switch { { Camera.State: PartState.Working } => 1, { Camera.State: PartState.Failing } or { HasNoCamera: true } => 0, _ => null }, null, "1 while the camera gives pictures.");
        Gauge("edgeshelf.storage_up", () => status.Now.Storage.State switch { PartState.Working => 1, PartState.Failing => 0, _ => null }, null, "1 while results can be kept on disk.");
        Gauge("edgeshelf.broker_connected", () => status.Now.BrokerConnected ? 1 : 0, null, "1 while the broker is connected.");
        Gauge("edgeshelf.review_waiting", () => status.Now.ReviewWaiting, null, "Pictures that wait for a person in the review queue; absent while the queue is off.");
        Gauge("edgeshelf.last_success.timestamp", () => status.Now.LastResultAt?.ToUnixTimeMilliseconds() / 1000.0, "s", "When the last result was committed.");
        Gauge("edgeshelf.outbox_messages", () => Depth()?.Messages, null, "Messages that wait for the broker.");
        Gauge("edgeshelf.outbox_size", () => Depth()?.Bytes, "By", "Size of the payloads that wait for the broker.");
        Gauge("edgeshelf.outbox_oldest.timestamp", () => Depth()?.OldestAt?.ToUnixTimeMilliseconds() / 1000.0, "s", "When the oldest waiting message was committed; absent while none waits.");
        Gauge("edgeshelf.outbox_refused_messages", () => Depth()?.Refused, null, "Messages that the broker refused permanently and that are kept apart.");
        _meter.CreateObservableCounter("edgeshelf.outbox_dropped_messages", () => Depth() is { } depth ? [new Measurement<long>(depth.Dropped)] : Array.Empty<Measurement<long>>(), description: "Messages dropped because of a limit.");
        Gauge("edgeshelf.temperature", () => Thermometer.Read(), "Cel", "Temperature of the processor.");
        Gauge("edgeshelf.disk_free", () => VolumeSpace.Of(publish.Value.Folder)?.Free, "By", "Free space on the volume that holds the outbox.");
        Gauge("process.resident_memory", () => Environment.WorkingSet, "By", "Resident memory.");
        Gauge("process.start_time", () => status.Now.StartedAt.ToUnixTimeMilliseconds() / 1000.0, "s", "When the service started.");
        _meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time, user and system.");
    }

    public void CaptureSucceeded(Trigger trigger, ShelfResult result)
    {
        Count(_captures, trigger, "ok");
        _captureTime.Record(result.Timings.Capture.TotalSeconds);
        Classified(result);
        foreach (SlotResult slot in result.Slots)
        {
            if (slot.ReviewReason is { } reason)
                _reviews.Add(1, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    public void ReviewAnswered(string answer, bool? isRight) => _reviewAnswers.Add(
        1, new KeyValuePair<string, object?>("answer", answer), new KeyValuePair<string, object?>("right", isRight switch { true => "yes", false => "no", null => "unsaid" }));

    public void CaptureFailed(Trigger trigger, string code) => Count(_captures, trigger, code);

    public void PictureClassified(ShelfResult result)
    {
        _predictions.Add(1, new KeyValuePair<string, object?>("outcome", "ok"));
        Classified(result);
    }

    public void PictureRefused(string code) => _predictions.Add(1, new KeyValuePair<string, object?>("outcome", code));

    /// <summary>Exports these metrics and those of the web server. Other services in the same process, as in tests, keep metrics of their own.</summary>
    public void ExportTo(MeterProviderBuilder export) => export
        .AddMeter(Name)
        .AddMeter(WebServerName)
        .AddView(instrument => instrument switch
        {
            _ when instrument.Meter.Name == Name && instrument.Meter != _meter => MetricStreamConfiguration.Drop,
            _ when instrument.Meter.Name == WebServerName && instrument.Name != "http.server.request.duration" => MetricStreamConfiguration.Drop,
            _ when instrument.Name.StartsWith(BayMetrics.SlotPrefix, StringComparison.Ordinal) => new MetricStreamConfiguration { CardinalityLimit = BayMetrics.MaxSeries },
            Histogram<double> { Unit: "s" } => new ExplicitBucketHistogramConfiguration { Boundaries = SecondsBuckets },
            _ => null,
        })
        .AddPrometheusExporter(prometheus =>
        {
            prometheus.ScopeInfoEnabled = false;
            prometheus.TargetInfoEnabled = false;
        });

    public void Dispose()
    {
        _bay.Dispose();
        _meter.Dispose();
    }

    void Classified(ShelfResult result)
    {
        if (result.Cached)
            _cacheHits.Add(1);
        // Stages that did not run are not recorded; their zeros would lower the figures.
        Record(_decodeTime, result.Timings.Decode);
        Record(_preprocessTime, result.Timings.Preprocess);
        Record(_inferenceTime, result.Timings.Inference);
    }

    static void Record(Histogram<double> histogram, TimeSpan time)
    {
        if (time > TimeSpan.Zero)
            histogram.Record(time.TotalSeconds);
    }

    static void Count(Counter<long> captures, Trigger trigger, string outcome) => captures.Add(
        1, new KeyValuePair<string, object?>("trigger", TriggerNames.Of(trigger)), new KeyValuePair<string, object?>("outcome", outcome));

    Histogram<double> Duration(string stage, string description) => _meter.CreateHistogram<double>($"edgeshelf.{stage}.duration", "s", description);

    void Gauge(string name, Func<double?> value, string? unit, string description) => _meter.CreateObservableGauge(
        name, () => value() is { } number ? [new Measurement<double>(number)] : Array.Empty<Measurement<double>>(), unit, description);

    // A value that cannot be read is left out; `/readyz` says why.
    OutboxDepth? Depth() => _outbox.Fill is { Problem: null } fill ? fill.Depth : null;
}
