using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Teaching.Training;

/// <summary>
/// Trains a model from the examples in a process of its own, so that its memory and its faults are not the service's. One training at a time; it ends
/// with the service. Thread-safe.
/// </summary>
/// <param name="state">The folder of the state, where the outcome is kept.</param>
sealed class TrainingJob(string state, ModelsOptions models, LikenessThresholds thresholds, ExampleStore store, TimeProvider clock, ILogger<TrainingJob> log) : IHostedService, IAsyncDisposable
{
    /// <summary>The number of examples of a product from which a trained model may be better than likeness, and of products that must have so many.</summary>
    public const int EnoughExamples = 20;
    public const int EnoughProducts = 2;

    /// <summary>949 examples took 70 s of processor time on a PC. What takes as long as this hangs.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromHours(3);

    readonly Lock _gate = new();
    TrainingProcess? _process;
    Task _watch = Task.CompletedTask;
    volatile TrainingState _now = new(TrainingState.Idle);

    public TrainingState Now => _now;

    /// <summary>What came of the newest training, by whomever, or null if there was none.</summary>
    public TrainingOutcome? Last => TrainingOutcome.Read(state);

    /// <summary>The number of products that have <see cref="EnoughExamples"/>.</summary>
    public int ReadyProducts => store.Now.Examples.CountBy(example => example.Label).Count(entry => entry.Value >= EnoughExamples);

    /// <exception cref="TeachingException">A training is running already, or the program cannot be started.</exception>
    public TrainingState Start(bool onlyTaught)
    {
        lock (_gate)
        {
            if (_now.State == TrainingState.Running)
                throw new TeachingException(TeachingException.Conflict, "A training is running already.", "Wait until it has ended, or cancel it with DELETE.");
            _process = TrainingProcess.Start(Arguments(onlyTaught));
            _now = new TrainingState(TrainingState.Running) { StartedAt = clock.GetUtcNow() };
            log.TrainingStarted(store.Now.Examples.Length);
            _watch = WatchAsync(_process);
            return _now;
        }
    }

    /// <summary>Ends the training, and returns when its process has ended. Without a training it does nothing.</summary>
    public async Task CancelAsync()
    {
        TrainingProcess? process;
        Task watch;
        lock (_gate)
        {
            (process, watch) = (_process, _watch);
            if (process is null || watch.IsCompleted)
                return;
            process.IsCancelled = true;
        }
        await process.EndAsync(clock);
        await watch;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => CancelAsync();

    public async ValueTask DisposeAsync() => await CancelAsync();

    async Task WatchAsync(TrainingProcess process)
    {
        using CancellationTokenSource limit = new(Limit, clock);
        using CancellationTokenRegistration tooLong = limit.Token.Register(() => _ = process.EndAsync(clock));
        (int exitCode, string errors) = await process.WaitAsync(line => _now = _now.After(line));
        _now = _now with
        {
            State = process.IsCancelled ? TrainingState.Cancelled : exitCode == 0 ? TrainingState.Done : TrainingState.Failed,
            Progress = exitCode == 0 ? 1 : _now.Progress,
            EndedAt = clock.GetUtcNow(),
            Problem = process.IsCancelled || exitCode == 0 ? null
                : limit.IsCancellationRequested ? $"The training did not end within {Limit.TotalHours:0} hours."
                : errors.Length > 0 ? errors
                : $"The training ended with the code {exitCode}. Another process or the system ended it, for example because the memory was full.",
        };
        log.TrainingEnded(_now.State, _now.Problem ?? "");
        process.Dispose();
    }

    /// <summary>The program gets what it needs of the configuration, so that it works on what this process works on, wherever that was configured.</summary>
    IEnumerable<string> Arguments(bool onlyTaught)
    {
        string[] arguments = ["model", "train", "--examples", "--json", "--until-input-ends"];
        (string Key, string Value)[] settings =
        [
            ("Shelf:State", state), ("Models:Trained", models.Trained), ("Models:Name", models.Name), ("Planogram:MinLikeness", Text(thresholds.MinLikeness)),
            ("Planogram:Margin", Text(thresholds.Margin)), ("Planogram:MinEmpty", Text(thresholds.MinEmpty)),
        ];
        return [.. arguments, .. onlyTaught ? ["--only-taught"] : Array.Empty<string>(), .. settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" })];
    }

    static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
