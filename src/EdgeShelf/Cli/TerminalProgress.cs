using EdgeShelf.Models.Making;
using Spectre.Console;

namespace EdgeShelf.Cli;

/// <summary>Shows progress bars on standard error when it is a terminal; otherwise it shows nothing, so that logs stay short.</summary>
sealed class TerminalProgress : IStepProgress
{
    readonly ProgressContext? _context;

    TerminalProgress(ProgressContext? context) => _context = context;

    /// <summary>Runs work and shows a bar for each of its steps.</summary>
    public static T Run<T>(Func<IStepProgress, T> work)
    {
        if (Console.IsErrorRedirected)
            return work(new TerminalProgress(null));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new TerminalProgress(context)));
    }

    public IStep Begin(string title, int count) => new Step(_context?.AddTask(title, maxValue: count));

    sealed class Step(ProgressTask? task) : IStep
    {
        public void Report(int value) => task?.Value(value);

        public void Dispose() => task?.StopTask();
    }
}
