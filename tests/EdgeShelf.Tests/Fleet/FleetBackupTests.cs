using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>The commands of scripts/samples/fleet/README.md that back a whole server up and bring it back, with a server of its own whose folders are laid out as Debian's.</summary>
public sealed partial class FleetBackupTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples", "fleet");

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ACopyOfTheServerIsBroughtBackWithWhatWasCommittedAfterIt()
    {
        using PostgreSql database = PostgreSql.Start();
        if (Environment.IsPrivilegedProcess)
            Run(database, "chmod 755 .");
        database.RunFile(Path.Combine(Samples, "tables.sql"));
        string archive = File.ReadAllText(Path.Combine(Samples, "postgresql", "archive.conf"));
        _folder.Write("archive.conf", archive.Replace("/var/backups/fleet", _folder.File("backups"), StringComparison.Ordinal));
        string section = File.ReadAllText(Path.Combine(Samples, "README.md")).Split("### The whole server")[1].Split("\n## ")[0];
        string[][] blocks = [.. Block().Matches(section).Select(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal([5, 5], blocks.Select(block => block.Length));
        Insert(database, 1);

        foreach (string command in blocks[0])
            Run(database, command);
        Insert(database, 2);
        string segment = database.Query("SELECT pg_walfile_name(pg_switch_wal())");
        await Wait.UntilAsync(() => File.Exists(_folder.File($"backups/wal/{segment}")), Within, "the segment is kept");
        foreach (string command in blocks[1])
            Run(database, command);

        await Wait.UntilAsync(() => database.Query("SELECT pg_is_in_recovery()") == "f", Within, "the end of the recovery");
        Assert.Equal("1|2", database.Query("SELECT string_agg(seq::text, '|' ORDER BY seq) FROM message"));
        // It is in use again, and the log that it writes is kept beside the earlier one.
        Insert(database, 3);
        segment = database.Query("SELECT pg_walfile_name(pg_switch_wal())");
        await Wait.UntilAsync(() => File.Exists(_folder.File($"backups/wal/{segment}")), Within, $"{segment} is kept");
    }

    static void Insert(PostgreSql database, int seq) => database.Query($"INSERT INTO message VALUES ('00000000-0000-0000-0000-000000000001', 'shelf-07-{seq}', 'shelf-07', {seq}, 'event', now(), now(), '{{}}')");

    /// <summary>Runs a command with the folders and the user of this server in place of Debian's.</summary>
    void Run(PostgreSql database, string command)
    {
        string here = command.Replace("sudo -u postgres ", string.Concat(PostgreSql.AsUser.Select(word => word + " ")), StringComparison.Ordinal).Replace("sudo ", "", StringComparison.Ordinal)
            .Replace("scripts/samples/fleet/postgresql/archive.conf", "archive.conf", StringComparison.Ordinal).Replace("/var/backups/fleet", _folder.File("backups"), StringComparison.Ordinal)
            .Replace("/etc/postgresql/15/main", database.Settings, StringComparison.Ordinal).Replace("/var/lib/postgresql/15/main", database.Data, StringComparison.Ordinal)
            .Replace("/usr/lib/postgresql/15/bin", PostgreSql.Folder, StringComparison.Ordinal);
        if (!Environment.IsPrivilegedProcess)
            here = here.Replace(" -o postgres", "", StringComparison.Ordinal);
        here = Service().Replace(here, service => string.Join(' ', database.Control(service.Groups["verb"].Value)));
        ProcessStartInfo start = new("bash", ["-c", $"{here} >output 2>&1"]) { WorkingDirectory = _folder.Path };
        foreach ((string name, string value) in database.Variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Assert.True(process.WaitForExit(Within), here);
        Assert.True(process.ExitCode == 0, $"{here}: {File.ReadAllText(_folder.File("output"))}");
    }

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"systemctl (?<verb>start|stop|restart) postgresql")]
    private static partial Regex Service();
}
