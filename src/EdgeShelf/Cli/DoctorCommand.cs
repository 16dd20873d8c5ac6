using System.CommandLine;
using System.Text.Json;
using EdgeShelf.Doctor;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf doctor`: checks whether everything that the service needs is present, and says what to do if not.</summary>
static class DoctorCommand
{
    public const string Name = "doctor";

    /// <summary>Indentation of further lines; as wide as the columns before the text.</summary>
    static readonly string Margin = $"{"",-8} {"",-12} ";

    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> asJson = new("--json") { Description = "Print one JSON document instead of lines." };
        Command command = new(Name, "Check board, settings, camera, button, model, broker, disk, clock and permissions. The exit code is 1 when there are faults.");
        common.AddConfigurationTo(command);
        command.Options.Add(asJson);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Checkup checkup = Checkup.Prepare(() => common.Configuration(parsed), common.ConfigurationFile(parsed), TimeProvider.System);
            return await ExamineAsync(checkup, parsed.GetValue(asJson), parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    static async Task<int> ExamineAsync(Checkup checkup, bool asJson, TextWriter output, CancellationToken cancellationToken)
    {
        List<(string Check, Finding Finding)> found = [];
        await foreach ((string check, Finding finding) in checkup.Examination.RunAsync(cancellationToken))
        {
            found.Add((check, finding));
            if (!asJson)
                Write(output, check, finding);
        }
        int faults = found.Count(one => one.Finding.Severity == Severity.Fault);
        int warnings = found.Count(one => one.Finding.Severity == Severity.Warning);
        if (asJson)
        {
            Line[] checks = [.. found.Select(one => new Line(one.Check, one.Finding.Severity, one.Finding.Found, one.Finding.ToDo))];
            output.WriteLine(JsonSerializer.Serialize(new Document(faults, warnings, checks), CliJson.Readable.Document));
        }
        else
        {
            int notRun = found.Count(one => one.Finding.Severity == Severity.NotRun);
            output.WriteLine($"{Counted(faults, "fault")}, {Counted(warnings, "warning")}{(notRun > 0 ? $", {Counted(notRun, "check")} not run" : "")}");
        }
        return faults == 0 ? ExitCodes.Fine : ExitCodes.Failed;
    }

    static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    static void Write(TextWriter output, string check, Finding finding)
    {
        string result = finding.Severity switch
        {
            Severity.Fine => "fine",
            Severity.Warning => "warning",
            Severity.NotRun => "not run",
            _ => "FAULT",
        };
        output.WriteLine($"{result,-8} {check,-12} {ErrorText.Indented(finding.Found, Margin)}");
        if (finding.ToDo is not null)
            output.WriteLine($"{Margin}-> {ErrorText.Indented(finding.ToDo, Margin)}");
    }

    internal sealed record Document(int Faults, int Warnings, IReadOnlyList<Line> Checks);

    internal sealed record Line(string Check, Severity Result, string Found, string? ToDo);
}
