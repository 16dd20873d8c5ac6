using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeShelf.Fleet;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet sign`: packs a model folder and prints the object `model` of a desired document.</summary>
static class FleetSignCommand
{
    const string Extension = ".tar.gz";

    /// <summary>The largest size in bytes of a private key's file, which is far more than one key needs.</summary>
    const int MaxKeyBytes = 16 << 10;

    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = $"A model's folder, which is packed, or an archive ({Extension}) of one." };
        Option<string> key = new("--key", "-k") { Description = "The private key, fleet.key of `edgeshelf fleet keygen`.", HelpName = "FILE", Required = true };
        Option<string?> url = new("--url") { Description = "The address from which devices will download the archive. If it ends with a slash, the archive's name is added.", HelpName = "URL" };
        Option<string?> archive = new("--out", "-o") { Description = $"The archive to write for a folder. Default: NAME-VERSION{Extension} in the current folder.", HelpName = "FILE" };
        Option<string?> desired = new("--desired") { Description = "Also write a desired document that asks for this model and for nothing else. It needs --url.", HelpName = "FILE" };
        Command command = new("sign", "Pack and sign a model, and print what a desired document says of it.") { model, key, url, archive, desired };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string from = parsed.GetRequiredValue(model);
            if (parsed.GetValue(desired) is not null && parsed.GetValue(url) is null)
                throw new ConfigurationException("--desired needs --url.", "Write the address from which the devices will download the archive.");
            string keyText = ReadKey(parsed.GetRequiredValue(key));
            (string file, ModelManifest manifest) = Directory.Exists(from) ? Pack(from, parsed.GetValue(archive), cancellationToken) : Existing(from, parsed.GetValue(archive), cancellationToken);
            await using FileStream content = OpenArchive(file);
            string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            content.Position = 0;
            string signature = FleetKeys.Sign(content, keyText, parsed.GetRequiredValue(key));
            string? address = Address(parsed.GetValue(url), Path.GetFileName(file));
            SignedModel signed = new(manifest.Name, manifest.Version, address, sha256, content.Length, signature);
            parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(signed, CliJson.ReadableFiles.SignedModel));
            if (parsed.GetValue(desired) is { } document)
                PlanFiles.Write(document, [.. JsonSerializer.SerializeToUtf8Bytes(new SignedDocument(1, signed), CliJson.ReadableFiles.SignedDocument), (byte)'\n']);
            parsed.InvocationConfiguration.Error.WriteLine(address is null
                ? $"{file} is signed. Put it on a web server, and add its address as \"url\" to what is printed."
                : $"{file} is signed. Put it on the web server as {address}.");
            return ExitCodes.Fine;
        });
        return command;
    }

    static string ReadKey(string path)
    {
        try
        {
            using FileStream file = NamedFile.OpenRead(path);
            using StreamReader reader = new(file);
            return file.Length <= MaxKeyBytes ? reader.ReadToEnd() : throw new ConfigurationException($"{path} has {file.Length} bytes and is not a private key.", "Name the fleet.key that `edgeshelf fleet keygen` made.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The key {path} cannot be read: {problem.Message}", "Name the fleet.key that `edgeshelf fleet keygen` made.", problem);
        }
    }

    static FileStream OpenArchive(string path)
    {
        try
        {
            return NamedFile.OpenRead(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}.", "Name a model's folder or an archive of one.", problem);
        }
    }

    static (string File, ModelManifest Manifest) Pack(string folder, string? archive, CancellationToken cancellationToken)
    {
        ModelManifest named = ModelFolder.ReadManifest(folder);
        string path = Path.GetFullPath(archive ?? $"{named.Name}-{named.Version}{Extension}");
        if (!path.EndsWith(Extension, StringComparison.Ordinal))
            throw new ConfigurationException($"--out is {archive}; a name that ends with {Extension} is needed.", "Choose another name.");
        string draft = $"{path}.{Environment.ProcessId}.new";
        try
        {
            using (FileStream file = new(draft, FileMode.CreateNew, FileAccess.Write))
                ModelArchive.Pack(folder, file);
            ModelManifest manifest = Check(draft, folder, cancellationToken);
            File.Move(draft, path, overwrite: true);
            return (path, manifest);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    static (string File, ModelManifest Manifest) Existing(string file, string? archive, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            throw new ConfigurationException($"There is no {file}.", "Name a model's folder or an archive of one. `edgeshelf model list` shows the folders of the models here.");
        return archive is null ? (file, Check(file, file, cancellationToken)) : throw new ConfigurationException("--out is only for a folder, which is packed.", "Leave --out away: the archive stays as it is.");
    }

    /// <summary>Unpacks the archive as a device does, and runs the network on the golden picture, so that no broken model is signed.</summary>
    /// <param name="what">The folder or the archive that the engineer named, for messages.</param>
    static ModelManifest Check(string file, string what, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("edgeshelf-sign-").FullName;
        string unpacked = Path.Combine(folder, "model");
        try
        {
            using (FileStream archive = OpenArchive(file))
                ModelArchive.Unpack(archive, unpacked, cancellationToken);
            using LoadedModel model = ModelFolder.Load(unpacked, threads: 1);
            GoldenPicture.Require(model);
            return model.Manifest;
        }
        catch (ConfigurationException problem)
        {
            // The folder is deleted, and the hints of a load are those for a device.
            throw new ConfigurationException(problem.Message.Replace(unpacked, what, StringComparison.Ordinal), "Correct the model and sign it again. Nothing was signed.", problem);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static string? Address(string? url, string file)
    {
        if (url is null)
            return null;
        string whole = url.EndsWith('/') ? url + Uri.EscapeDataString(file) : url;
        return Uri.TryCreate(whole, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? whole
            : throw new ConfigurationException($"--url is {PlainText.Shown(url)}; an address that begins with https:// or http:// and has no password is needed.", "Write the address from which the devices can download the archive.");
    }

    internal sealed record SignedModel(string Name, string Version, string? Url, string Sha256, long Size, string Signature);

    internal sealed record SignedDocument(int Schema, SignedModel Model);
}
