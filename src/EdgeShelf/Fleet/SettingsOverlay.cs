using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Platform;

namespace EdgeShelf.Fleet;

/// <summary>Why the settings of the chain were set aside at a start, and which they were.</summary>
sealed record SettingsAside(IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Problems);

/// <summary>
/// The file `fleet/settings.json` in the state folder: the settings of the chain, which the configuration reads after the device's own file
/// and before environment variables and flags. It never prevents a start.
/// </summary>
/// <param name="state">The state folder.</param>
sealed class SettingsOverlay(string state)
{
    public const string FolderName = "fleet";
    public const string FileName = "settings.json";
    public const string AsideName = "settings-refused.json";

    const int MaxBytes = 64 << 10;

    string FilePath => Path.Combine(state, FolderName, FileName);

    string AsidePath => Path.Combine(state, FolderName, AsideName);

    /// <summary>Reads the settings. A file that is damaged or cannot be read counts as empty, and keys that are not allowed are left out.</summary>
    public IReadOnlyDictionary<string, string> Read() =>
        TryRead(FilePath, FleetJson.Default.DictionaryStringString) is { } settings
            ? settings.Where(setting => FleetSettings.Allowed.Contains(setting.Key) && setting.Value is not null).ToDictionary()
            : new Dictionary<string, string>();

    /// <summary>Replaces the settings. Without any the file is deleted.</summary>
    /// <exception cref="IOException">They cannot be written; the old ones stay.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Write(IReadOnlyDictionary<string, string> settings)
    {
        if (settings.Count > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            DurableFile.Write(FilePath, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(settings), FleetJson.Default.DictionaryStringString));
        }
        else if (File.Exists(FilePath))
        {
            File.Delete(FilePath);
            DurableFile.SyncFolder(Path.GetDirectoryName(FilePath)!);
        }
    }

    /// <summary>Takes settings out of use with which the service cannot start. The next start of the service reports them.</summary>
    /// <returns>False if the disk does not allow it; they then must be ignored.</returns>
    public bool TrySetAside(IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> problems)
    {
        try
        {
            DurableFile.Write(AsidePath, JsonSerializer.SerializeToUtf8Bytes(new SettingsAside(settings, problems), FleetJson.Default.SettingsAside));
            Write(new Dictionary<string, string>());
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The settings that were set aside and not reported yet, or null.</summary>
    public SettingsAside? Aside() => TryRead(AsidePath, FleetJson.Default.SettingsAside);

    public void ForgetAside() => File.Delete(AsidePath);

    static T? TryRead<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path, MaxBytes), type) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
