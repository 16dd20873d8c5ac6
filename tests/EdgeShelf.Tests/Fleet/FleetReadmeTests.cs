using System.Diagnostics;
using System.Globalization;
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
        _folder.Write("bay-4.csv", "slot,label,name\n1-01,oat-milk,Oat milk\n");
        string[] commands = [.. Block().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "scripts", "samples", "fleet", "README.md"))).SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        List<string> left = [];
        List<(string Command, string Output)> said = [];

        foreach (string command in commands)
        {
            string here = command.Replace("mqtt://127.0.0.1", broker.Uri, StringComparison.Ordinal).Replace("127.0.0.1 1883", $"127.0.0.1 {broker.Port}", StringComparison.Ordinal)
                .Replace("Host=/var/run/postgresql", database.NpgsqlServer, StringComparison.Ordinal).Replace("20261125", TimeProvider.System.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture), StringComparison.Ordinal);
            if (command.StartsWith("mosquitto_ctrl", StringComparison.Ordinal) || command.StartsWith("scripts/samples/fleet/mosquitto/", StringComparison.Ordinal) || command.Contains("--devices 2000", StringComparison.Ordinal))
                left.Add(command);
            else if (Program().Match(here) is { Success: true } program)
                await StartAsync(database, program.Groups["name"].Value == "SampleConsumer" ? "sample-consumer" : "fleet-simulator", here[program.Length..]);
            else
                said.Add((command, Run(database, here)));
        }

        // Those of the broker's plugin have tests with it; the run of 2,000 devices takes 20 minutes.
        Assert.Equal(["mosquitto_ctrl", "provision.sh", "claim.sh", "issue.sh", "dotnet"], left.Select(command => Path.GetFileName(command.Split(' ')[0])));
        Assert.Equal(18, said.Count);
        Assert.Contains("3 devices, 3 online, 3 none", Of("status"), StringComparison.Ordinal);
        Assert.Contains("Version 1 is where it should be", Of("rollout"), StringComparison.Ordinal);
        Assert.Contains("rest: version 2 has the planogram bay-4", Of("planogram push"), StringComparison.Ordinal);
        Assert.Contains("canary: version 3 asks for what version 1 asked for", Of("rollback"), StringComparison.Ordinal);
        Assert.Contains("store0001", Of("availability_by_hour"), StringComparison.Ordinal);
        Assert.Contains("grocery-81", Of("models_by_version"), StringComparison.Ordinal);
        Assert.Contains("(1 row)", Of("make_days(), drop_days"), StringComparison.Ordinal);
        // The restored day is the one that was dumped.
        Assert.NotEqual("0", database.Query("SELECT count(*) FROM message", "fleet_restored"));

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

    [GeneratedRegex(@"^dotnet run --project \S*/(?<name>SampleConsumer|FleetSimulator)( -c Release)? -- ")]
    private static partial Regex Program();
}
