using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Configuration;

/// <summary>Changes settings in a configuration file and keeps all others. Comments cannot be kept; the file as it was stays beside the new one.</summary>
sealed class SettingsEdit
{
    const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly string _path;
    readonly byte[]? _before;
    readonly JsonObject _root;

    SettingsEdit(string path, byte[]? before, JsonObject root) => (_path, _before, _root) = (path, before, root);

    /// <summary>The path under which the earlier file is kept.</summary>
    public string BackupPath => $"{_path}.before";

    /// <param name="path">A file that does not exist yet counts as empty.</param>
    /// <exception cref="ConfigurationException">The file cannot be read or is not a configuration file.</exception>
    public static SettingsEdit Open(string path)
    {
        // The file behind a link is replaced, and the link stays.
        string target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        if (!File.Exists(target))
            return new SettingsEdit(target, null, []);
        byte[] before = SettingsFile.Read(target);
        return new SettingsEdit(target, before, Parse(before));
    }

    /// <summary>Sets one value, or removes it if the value is null. Keys are found without regard to case, as the service reads them.</summary>
    /// <param name="key">The key in the form `Section:Key`.</param>
    public void Set(string key, JsonNode? value)
    {
        JsonObject section = _root;
        string[] path = key.Split(':');
        foreach (string name in path[..^1])
        {
            string inner = NameIn(section, name);
            if (section[inner] is not JsonObject next)
                section[inner] = next = [];
            section = next;
        }
        string last = NameIn(section, path[^1]);
        if (value is null)
            section.Remove(last);
        else
            section[last] = value.DeepClone();
    }

    /// <summary>The file as it would be written.</summary>
    public byte[] Content => [.. JsonText.Bytes(_root, Readable), (byte)'\n'];

    /// <summary>Replaces the file in one step, with its permissions, and keeps the earlier one.</summary>
    /// <returns>False if nothing changed, so that nothing was written.</returns>
    /// <exception cref="IOException">The file cannot be written; the earlier one is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public bool Write()
    {
        if (_before is not null && JsonNode.DeepEquals(Parse(_before), _root))
            return false;
        UnixFileMode mode = _before is null ? ReadableByAll : File.GetUnixFileMode(_path);
        if (_before is not null)
            DurableFile.Write(BackupPath, _before, mode);
        DurableFile.Write(_path, Content, mode);
        return true;
    }

    static JsonObject Parse(byte[] json) => (JsonObject)JsonNode.Parse(json, documentOptions: Lenient)!;

    static string NameIn(JsonObject section, string name) =>
        section.Select(entry => entry.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
