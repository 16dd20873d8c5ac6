using EdgeShelf.Platform;
using Spectre.Console;

namespace EdgeShelf.Cli;

/// <summary>A table that each update replaces on the terminal. Without a terminal it draws nothing, and callers write lines.</summary>
sealed class FleetScreen
{
    readonly LiveDisplayContext? _context;

    FleetScreen(LiveDisplayContext? context) => _context = context;

    public bool IsShown => _context is not null;

    /// <param name="isWanted">Whether the user asked for a table.</param>
    public static async Task<T> RunAsync<T>(bool isWanted, Func<FleetScreen, Task<T>> work)
    {
        if (!isWanted || Console.IsOutputRedirected)
            return await work(new FleetScreen(null));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        return await console.Live(new Text("")).StartAsync(context => work(new FleetScreen(context)));
    }

    /// <summary>Draws a table.</summary>
    /// <param name="caption">A line below the table.</param>
    public void Draw(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, string caption)
    {
        if (_context is null)
            return;
        Table table = new Table().Border(TableBorder.Simple).Caption(new TableTitle(Markup.Escape(PlainText.Shown(caption))));
        foreach (string column in columns)
            table.AddColumn(Markup.Escape(column));
        foreach (IReadOnlyList<string> row in rows)
            table.AddRow([.. row.Select(cell => Markup.Escape(PlainText.Shown(cell)))]);
        _context.UpdateTarget(table);
    }
}
