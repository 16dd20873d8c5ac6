using System.Diagnostics;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, which listens on a socket in that folder only. As on Debian, its settings are in a folder beside
/// its data.
/// </summary>
sealed class PostgreSql : IDisposable
{
    /// <summary>PostgreSQL refuses to run as root; Debian's package creates this user.</summary>
    const string User = "postgres";

    static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order().LastOrDefault()
        : null;

    readonly TemporaryFolder _folder = new();

    PostgreSql()
    {
        if (Environment.IsPrivilegedProcess)
            Must("chown", User, _folder.Path);
        Must([.. AsUser, Path.Combine(Programs!, "initdb"), "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-sync"]);
        Must([.. AsUser, "mkdir", "-p", Path.Combine(Settings, "conf.d")]);
        foreach (string file in Directory.GetFiles(Data, "*.conf"))
            Must([.. AsUser, "mv", file, Settings]);
        File.AppendAllText(
            Path.Combine(Settings, "postgresql.conf"),
            $"""
            data_directory = '{Data}'
            hba_file = '{Settings}/pg_hba.conf'
            ident_file = '{Settings}/pg_ident.conf'
            unix_socket_directories = '{_folder.Path}'
            listen_addresses = ''
            fsync = off
            include_dir = 'conf.d'

            """);
        Must(Control("start"));
    }

    /// <summary>The folder of the settings, with one `conf.d` in it.</summary>
    public string Settings => Path.Combine(_folder.Path, "settings");

    public string Data => Path.Combine(_folder.Path, "data");

    /// <summary>The programs that are not on the path.</summary>
    public static string Folder => Programs!;

    /// <summary>What stands before a command of the server's own user.</summary>
    public static string[] AsUser => Environment.IsPrivilegedProcess ? ["runuser", "-u", User, "--"] : [];

    /// <summary>The command that starts or stops the server as systemd does.</summary>
    /// <param name="verb">`start`, `stop` or `restart`.</param>
    public string[] Control(string verb) =>
        [.. AsUser, Path.Combine(Programs!, "pg_ctl"), "-D", Settings, "-w", "-l", Path.Combine(_folder.Path, "log"), "-m", "fast", verb];

    /// <summary>A connection string as libpq takes it.</summary>
    public string Connection => $"host={_folder.Path} user={User} dbname=postgres";

    /// <summary>The same for Npgsql.</summary>
    public string NpgsqlConnection => $"Host={_folder.Path};Username={User};Database=postgres";

    /// <summary>The environment with which psql and the other programs of PostgreSQL find this server without options.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { ["PGHOST"] = _folder.Path, ["PGUSER"] = User };

    /// <summary>What stands before the database in a connection string of Npgsql.</summary>
    public string NpgsqlServer => $"Host={_folder.Path};Username={User}";

    /// <summary>Skips the test by name where PostgreSQL is not installed.</summary>
    public static PostgreSql Start()
    {
        Assert.SkipUnless(Programs is not null, "postgresql is not installed.");
        return new PostgreSql();
    }

    /// <summary>Runs SQL.</summary>
    /// <param name="name">The database.</param>
    /// <returns>The rows as psql prints them, with `|` between the columns.</returns>
    public string Query(string sql, string name = "postgres") => Must("psql", "-d", $"host={_folder.Path} user={User} dbname={name}", "-v", "ON_ERROR_STOP=1", "-qAt", "-c", sql);

    public void RunFile(string path) => Must("psql", "-d", Connection, "-v", "ON_ERROR_STOP=1", "-q", "-f", path);

    public void Dispose()
    {
        Must([.. AsUser, Path.Combine(Programs!, "pg_ctl"), "-D", Settings, "-w", "-m", "immediate", "stop"]);
        _folder.Dispose();
    }

    static string Must(params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        // The server that pg_ctl leaves behind writes into a log file and does not keep the pipe open.
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {output} {errors.Result}");
        return output.Trim();
    }
}
