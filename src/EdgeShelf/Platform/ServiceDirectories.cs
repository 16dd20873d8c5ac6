namespace EdgeShelf.Platform;

/// <summary>
/// The folders of the service: those of systemd's `StateDirectory=` and `LogsDirectory=` in the service, the service's folders for a
/// verb on a device where the service is installed, and otherwise the user's own folders by the XDG base directory specification.
/// </summary>
static class ServiceDirectories
{
    /// <summary>The configuration file that the .deb installs.</summary>
    public const string ConfigurationFile = "/etc/edgeshelf/edgeshelf.json";

    /// <summary>The `User=` of the installed service.</summary>
    public const string User = "edgeshelf";

    /// <summary>The `StateDirectory=` of the installed service.</summary>
    const string InstalledState = "/var/lib/edgeshelf";

    static (string File, string Password)? _kept;
    static bool _isAsked;

    /// <summary>The folder for data that survives restarts and upgrades: the outbox, trained models, the web token.</summary>
    public static string State => FromSystemd("STATE_DIRECTORY") ?? (Directory.Exists(InstalledState) ? InstalledState : Path.Combine(XdgState, "edgeshelf"));

    /// <summary>Makes this process use another folder as <see cref="State"/>. Call it before anything reads the state.</summary>
    public static void UseState(string folder) => Environment.SetEnvironmentVariable("STATE_DIRECTORY", folder);

    public static string Logs => FromSystemd("LOGS_DIRECTORY") ?? Path.Combine(XdgState, "edgeshelf", "logs");

    /// <summary>The file in which the installer writes the broker's password. Only root can read it; the unit passes a copy to the service.</summary>
    public const string InstalledPassword = "/etc/edgeshelf/mqtt-password";

    /// <summary>
    /// The file with the broker's password: the one that the unit loaded (systemd.exec(5), LoadCredential=), the installed one for a verb
    /// that root runs, or null. Without the installed file the unit loads an empty line, because a missing credential would prevent the
    /// service from starting.
    /// </summary>
    public static string? PasswordCredential
    {
        get
        {
            if (_kept is { } kept)
                return kept.File;
            string file = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder ? Path.Combine(folder, "mqtt-password") : InstalledPassword;
            try
            {
                return File.Exists(file) && !string.IsNullOrWhiteSpace(NamedFile.ReadFirstLine(file)) ? file : null;
            }
            catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether the installer's password was neither read nor can be: this user is not root.</summary>
    public static bool IsPasswordClosed => !_isAsked && File.Exists(InstalledPassword) && !Posix.MayRead(InstalledPassword);

    /// <summary>Reads the password while this process may, for a verb that root runs and that goes on as the service's user.</summary>
    public static void KeepPassword()
    {
        _isAsked = true;
        if (PasswordCredential is { } file)
            _kept = (file, NamedFile.ReadFirstLine(file));
    }

    /// <summary>The password in a file: its first line, or what <see cref="KeepPassword"/> read of it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static string ReadPassword(string file) => _kept is { } kept && kept.File == file ? kept.Password : NamedFile.ReadFirstLine(file);

    // systemd joins several directories with a colon; the unit names one.
    static string? FromSystemd(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value.Split(':')[0] : null;

    static string XdgState => Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
        ? state
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
}
