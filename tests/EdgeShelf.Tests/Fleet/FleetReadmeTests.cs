using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>The commands of scripts/samples/fleet/README.md, one after the other as a newcomer types them, with mosquitto and PostgreSQL of their own.</summary>
public sealed partial class FleetReadmeTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(120);
    static readonly string Programs = AppContext.BaseDirectory;

    readonly TemporaryFolder _folder = new();
    readonly BackgroundPrograms _programs = new();

    public void Dispose()
    {
        _programs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task EveryCommandOfTheReadmeDoesWhatItSays()
    {
        using PostgreSql database = PostgreSql.Start();
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nmax_inflight_messages 2000");
        Directory.CreateSymbolicLink(_folder.File("scripts"), Path.Combine(Checkout.Root, "scripts"));
        TinyModel.WriteTo(_folder.File("models"), name: "grocery-81");
        string readme = File.ReadAllText(Path.Combine(Checkout.Root, "scripts", "samples", "fleet", "README.md"));
        string[] commands = [.. Block().Matches(readme).SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        List<string> left = [], variables = [];
        List<(string Command, string Output)> said = [];

        foreach (string command in commands)
        {
            string here = command.Replace("mqtt://127.0.0.1", broker.Uri, StringComparison.Ordinal).Replace("127.0.0.1 1883", $"127.0.0.1 {broker.Port}", StringComparison.Ordinal)
                .Replace("Host=/var/run/postgresql", database.NpgsqlServer, StringComparison.Ordinal).Replace("-d yesterday", "-d today", StringComparison.Ordinal);
            if (Variable().IsMatch(command))
                variables.Add(here);
            else if (command.StartsWith("sudo ", StringComparison.Ordinal) || command.StartsWith("mosquitto_ctrl", StringComparison.Ordinal) || command.StartsWith("scripts/samples/fleet/mosquitto/", StringComparison.Ordinal) || command.Contains("--devices 2000", StringComparison.Ordinal))
                left.Add(command);
            else if (Program().Match(here) is { Success: true } program)
                await StartAsync(database, program.Groups["name"].Value == "SampleConsumer" ? "sample-consumer" : "fleet-simulator", here[program.Length..]);
            else
                said.Add((command, Run(database, string.Concat(variables.Select(variable => variable + "\n")) + here)));
        }

        // Those of the broker's plugin and those of the whole server have tests of their own; the run of 2,000 devices takes 20 minutes.
        Assert.Equal(["mosquitto_ctrl", "provision.sh", "claim.sh", "issue.sh", "dotnet"], left.Where(command => !command.StartsWith("sudo ", StringComparison.Ordinal)).Select(command => Path.GetFileName(command.Split(' ')[0])));
        Assert.Equal(23, said.Count);
        Assert.Single(variables);
        Assert.Contains("3 devices, 3 online, 3 none", Of("status"), StringComparison.Ordinal);
        Assert.Contains("Version 1 is where it should be", Of("rollout"), StringComparison.Ordinal);
        Assert.Contains("exit code 1", Of("bad.json --group"), StringComparison.Ordinal);
        Assert.Contains("3 devices, 3 online, 2 applied, 1 rolled-back", said.Last(entry => entry.Command.Contains("status", StringComparison.Ordinal)).Output, StringComparison.Ordinal);
        Assert.Contains("canary: version 3 asks for what version 1 asked for", Of("rollback"), StringComparison.Ordinal);
        Assert.Contains("rest: version 2 has the planogram bay-4", Of("planogram push"), StringComparison.Ordinal);
        Assert.Contains("rest: version 3 asks for what version 1 asked for", said.Last(entry => entry.Command.Contains("rollback", StringComparison.Ordinal)).Output, StringComparison.Ordinal);
        // The sample of what a rollout says that stops is what it says, in the order of the README, with the status after it.
        string sample = Sample().Matches(readme).Select(block => block.Groups["lines"].Value).Single(lines => lines.Contains("worse-in-use", StringComparison.Ordinal));
        Assert.Equal(Bare(sample), Bare(Of("bad.json --group") + said.Last(entry => entry.Command.Contains("status", StringComparison.Ordinal)).Output));
        // The private key is outside of the checkout.
        Assert.Equal(["bad.json", "bay-4.csv", "desired.json", "fleet.key", "fleet.pub", "grocery-81.tar.gz"], Directory.GetFiles(_folder.File("edgeshelf-fleet")).Select(Path.GetFileName).Where(name => !name!.EndsWith(".dump", StringComparison.Ordinal)).Order());
        Assert.Contains("store0001", Of("availability_by_hour"), StringComparison.Ordinal);
        Assert.Contains("grocery-81", Of("models_by_version"), StringComparison.Ordinal);
        Assert.Contains("(1 row)", Of("make_days(), drop_days"), StringComparison.Ordinal);
        // The restored day is the one that was dumped.
        Assert.NotEqual("0", database.Query("SELECT count(*) FROM message", "fleet_restored"));

        // Errors go elsewhere, the test's model has another version, and the shelves are sold out at other times.
        static string[] Bare(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("edgeshelf: ", StringComparison.Ordinal) && !line.Contains("No later group", StringComparison.Ordinal))
            .Select(line => Variety().Replace(line, "…"))];
        string Of(string part) => said.First(entry => entry.Command.Contains(part, StringComparison.Ordinal)).Output;
    }

    /// <summary>Starts a program of this checkout that goes on, and waits until it does its work.</summary>
    async Task StartAsync(PostgreSql database, string program, string arguments)
    {
        _programs.Start("", "bash", "-c", $"exec {Path.Combine(Programs, program)} {arguments}");
        if (program == "sample-consumer")
            await Wait.UntilAsync(() => _programs.Text.Contains("is connected", StringComparison.Ordinal), Within, "the loader");
        else
            await Wait.UntilAsync(() => database.Query("SELECT count(DISTINCT device) FROM message", "fleet") == "3", Within, "results of three shelves");
    }

    /// <returns>What the command wrote to its output.</returns>
    string Run(PostgreSql database, string command)
    {
        ProcessStartInfo start = new("bash", ["-c", command]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _folder.Path;
        start.Environment["PATH"] = $"{Programs}:{start.Environment["PATH"]}";
        foreach ((string name, string value) in database.Variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}: {output} {errors.Result}");
        return output;
    }

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```text\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\d+\.\d+ %|grocery-81 [\d.]+| {2,}")]
    private static partial Regex Variety();

    /// <summary>A variable of the shell, which holds for the commands after it.</summary>
    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^dotnet run --project \S*/(?<name>SampleConsumer|FleetSimulator)( -c Release)? -- ")]
    private static partial Regex Program();
}
