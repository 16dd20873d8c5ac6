using System.Security.Cryptography;
using System.Text.Json;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Models;
using EdgeShelf.Platform;

namespace EdgeShelf.Fleet.Pull;

/// <summary>
/// The models that came from the chain. They stand beside the trained ones, in folders that appear whole and are never written twice, each
/// with a file that says which archive it came from.
/// </summary>
/// <param name="folder">The folder of the fleet, for downloads.</param>
sealed class PulledModels(string folder, ModelsOptions models)
{
    /// <summary>The file in a model's folder by which it is known as one of the chain's.</summary>
    public const string OriginFile = "fleet-origin.json";

    const string DownloadEnding = ".part";

    /// <summary>The ending of a hidden folder that is being unpacked. A start removes what ends with `.new` after a power cut, too.</summary>
    const string DraftEnding = ".pulled.new";

    const int HashDigits = 8;

    /// <summary>The file into which an archive or a planogram is downloaded. It is named by what it must become, so that an attempt can continue.</summary>
    public string DownloadOf(string sha256) => Path.Combine(folder, sha256 + DownloadEnding);

    /// <summary>The name of the model's folder.</summary>
    public static string NameOf(DesiredModel model) =>
        $"{model.Name[..Math.Min(model.Name.Length, ModelName.Longest - HashDigits - 1)]}-{model.Sha256[..HashDigits]}";

    /// <summary>Returns the archive from which a model folder came, or null if it did not come from the chain.</summary>
    public PulledOrigin? OriginOf(string name)
    {
        try
        {
            string file = Path.Combine(models.Trained, name, OriginFile);
            return File.Exists(file) ? JsonSerializer.Deserialize(RegularFile.ReadAllBytes(file, 64 << 10), FleetJson.Default.PulledOrigin) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public string FolderOf(DesiredModel model) => Path.Combine(models.Trained, NameOf(model));

    /// <summary>Whether a downloaded file is there with the right content.</summary>
    public bool HasWhole(string sha256)
    {
        if (!File.Exists(DownloadOf(sha256)))
            return false;
        using FileStream file = File.OpenRead(DownloadOf(sha256));
        return Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
    }

    /// <summary>Whether the model of this archive is there, signed by a key that is still trusted.</summary>
    public bool Has(DesiredModel model, FleetKeys keys) => OriginOf(NameOf(model)) is { } origin && origin.Sha256 == model.Sha256 && keys.Trusts(origin.Key);

    /// <summary>Checks the hash and the signature of a downloaded archive.</summary>
    /// <returns>The key that signed it, as <see cref="FleetKeys.Require"/> returns it.</returns>
    /// <exception cref="FleetException">It is not the file that the document names, or its signature is not good.</exception>
    public string? Require(DesiredModel model, FleetKeys keys)
    {
        using FileStream archive = File.OpenRead(DownloadOf(model.Sha256));
        RequireHash(archive, model.Sha256);
        return keys.Require(archive, model.Signature);
    }

    /// <summary>Reads a downloaded planogram.</summary>
    /// <exception cref="FleetException">It is not the file that the document names.</exception>
    public byte[] ReadPlanogram(string sha256)
    {
        using FileStream file = File.OpenRead(DownloadOf(sha256));
        RequireHash(file, sha256);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Unpacks a downloaded archive and puts it among the models.</summary>
    /// <param name="key">The key that signed it, as <see cref="Require"/> returns it.</param>
    /// <param name="check">Checks the unpacked folder before it becomes a model.</param>
    /// <exception cref="FleetException">The archive is not good.</exception>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full. Nothing is left behind.</exception>
    public void Install(DesiredModel model, string? key, Action<string> check, CancellationToken cancellationToken)
    {
        string name = NameOf(model);
        string place = Path.Combine(models.Trained, name);
        byte[] origin = JsonSerializer.SerializeToUtf8Bytes(new PulledOrigin(model.Sha256, key), FleetJson.Default.PulledOrigin);
        if (OriginOf(name)?.Sha256 == model.Sha256)
        {
            // The model itself is here, and the archive was signed with another key since.
            DurableFile.Write(Path.Combine(place, OriginFile), origin, ReadableByAll.FileMode);
            return;
        }
        string draft = Path.Combine(models.Trained, $".{name}{DraftEnding}");
        ReadableByAll.CreateFolder(models.Trained);
        DeleteFolder(draft);
        DeleteFolder(draft + ".unpacking");
        try
        {
            using (FileStream archive = File.OpenRead(DownloadOf(model.Sha256)))
                ModelArchive.Unpack(archive, draft, cancellationToken);
            check(draft);
            DurableFile.Write(Path.Combine(draft, OriginFile), origin);
            ReadableByAll.GrantAll(draft);
            DurableFile.SyncFolder(draft);
            if (Directory.Exists(place))
                throw new FleetException(FleetProblem.BadModel, $"There is a model {name} already that did not come from this archive.", "Remove it on the device, or give the new model another name.");
            Directory.Move(draft, place);
            DurableFile.SyncFolder(models.Trained);
        }
        finally
        {
            DeleteFolder(draft);
        }
    }

    /// <summary>Deletes the chain's models except some, and downloads that nobody wants any more.</summary>
    /// <param name="keep">The names of the models that stay.</param>
    /// <param name="wanted">The hashes of files that are still downloaded.</param>
    /// <returns>The names of the deleted models.</returns>
    public IReadOnlyList<string> Prune(IReadOnlyCollection<string> keep, IReadOnlyCollection<string> wanted)
    {
        List<string> deleted = [];
        foreach (string place in Directory.Exists(models.Trained) ? Directory.GetDirectories(models.Trained) : [])
        {
            string name = Path.GetFileName(place);
            if (name.StartsWith('.') && name.Contains(DraftEnding, StringComparison.Ordinal))
                DeleteFolder(place);
            if (name.StartsWith('.') || keep.Contains(name) || OriginOf(name) is null)
                continue;
            // Hidden in one step, so that a power cut does not leave a part of a model that looks like one.
            string hidden = Path.Combine(models.Trained, $".{name}{DraftEnding}");
            DeleteFolder(hidden);
            Directory.Move(place, hidden);
            DeleteFolder(hidden);
            deleted.Add(name);
        }
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + DownloadEnding) : [])
        {
            if (!wanted.Contains(Path.GetFileNameWithoutExtension(file)))
                File.Delete(file);
        }
        return deleted;
    }

    static void RequireHash(FileStream file, string sha256)
    {
        string found = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Position = 0;
        if (found != sha256)
            throw new FleetException(FleetProblem.WrongHash, $"The file has the SHA-256 {found}; the document says {sha256}.", "Put the right file on the server, and send a new document.");
    }

    static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}

/// <summary>The archive from which a model came.</summary>
/// <param name="Key">The key that signed it, as <see cref="FleetKeys.Require"/> returns it, or null if no key judged it.</param>
sealed record PulledOrigin(string Sha256, string? Key = null);
