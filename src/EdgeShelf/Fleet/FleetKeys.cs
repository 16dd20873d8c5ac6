using System.Security.Cryptography;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet;

/// <summary>
/// The public keys by which a device knows its fleet's models. Signatures are ECDSA on the curve P-256 over the SHA-256 of an archive, in
/// the form of RFC 3279, section 2.2.3, as base64. Two keys are allowed so that a key can be changed while both are in use.
/// </summary>
sealed class FleetKeys
{
    /// <summary>The line of a key file that lets models without a signature in.</summary>
    public const string AllowUnsigned = "allow-unsigned";

    public const int MaxKeys = 2;

    const string Block = "PUBLIC KEY";
    const string MakeKeys = "`edgeshelf fleet keygen --out DIR` makes a pair of keys; fleet.pub is the file for the devices.";

    /// <summary>The largest size in bytes of a key file, which is far more than two keys need.</summary>
    const int MaxFileBytes = 16 << 10;

    /// <summary>The largest number of characters of a signature. One of P-256 has at most 96.</summary>
    const int MaxSignature = 128;

    readonly IReadOnlyList<byte[]> _keys;

    FleetKeys(IReadOnlyList<byte[]> keys, bool allowsUnsigned) => (_keys, AllowsUnsigned) = (keys, allowsUnsigned);

    /// <summary>Whether a model without a signature is let in.</summary>
    public bool AllowsUnsigned { get; }

    public int Count => _keys.Count;

    /// <summary>Makes a pair of keys.</summary>
    /// <returns>PEM: PKCS#8 of the private key, which is not encrypted, and SubjectPublicKeyInfo of the public key.</returns>
    public static (string Private, string Public) Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKeyPem() + "\n", key.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    /// <summary>Reads a device's key file.</summary>
    /// <exception cref="FleetException">There is no such file, or it is not a key file. The code is <see cref="FleetException.NoKey"/>.</exception>
    public static FleetKeys Read(string path)
    {
        try
        {
            using FileStream file = NamedFile.OpenRead(path);
            if (file.Length > MaxFileBytes)
                throw NoKey($"{path} has {file.Length} bytes; a key file has at most {MaxFileBytes}.", MakeKeys);
            using StreamReader reader = new(file);
            return Parse(reader.ReadToEnd(), path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NoKey($"There is no key file {path}, so no model of the fleet is let in.", $"Copy the fleet's fleet.pub to {path} on this device. {MakeKeys}", absent);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            throw NoKey($"The key file {path} cannot be read: {closed.Message}.", "Let the service's user read the file: `chmod 644`.", closed);
        }
    }

    /// <param name="path">The name of the text, for messages.</param>
    /// <exception cref="FleetException">The text holds no key, a private key, or something else.</exception>
    public static FleetKeys Parse(string text, string path)
    {
        List<byte[]> keys = [];
        ReadOnlySpan<char> rest = text;
        string outside = "";
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            string label = rest[fields.Label].ToString();
            if (label != Block)
                throw NoKey($"{path} holds a {PlainText.Shown(label, 40)}; only {Block} blocks belong into a device's key file.", label.Contains("PRIVATE", StringComparison.Ordinal) ? $"A private key stays with those who sign. Copy fleet.pub instead. {MakeKeys}" : MakeKeys);
            keys.Add(PublicKey(rest[fields.Base64Data].ToString(), path));
            outside += rest[..fields.Location.Start].ToString();
            rest = rest[fields.Location.End..];
        }
        string[] lines = [.. (outside + rest.ToString()).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'))];
        if (lines.FirstOrDefault(line => line != AllowUnsigned) is { } strange)
            throw NoKey($"{path} has the line \"{PlainText.Shown(strange, 40)}\"; allowed are {Block} blocks, the line {AllowUnsigned}, and comments that begin with #.", MakeKeys);
        if (keys.Count > MaxKeys)
            throw NoKey($"{path} holds {keys.Count} keys; at most {MaxKeys} are allowed.", "Keep the key in use, and the next one while the key is changed.");
        if (keys.Count == 0 && lines.Length == 0)
            throw NoKey($"{path} holds no key.", MakeKeys);
        return new FleetKeys(keys, lines.Length > 0);
    }

    /// <summary>Signs what a stream holds from its position to its end.</summary>
    /// <param name="privateKey">PEM of a private key, which is not encrypted.</param>
    /// <param name="path">The name of the key's file, for messages.</param>
    /// <returns>The signature as base64.</returns>
    /// <exception cref="ConfigurationException">It is not a private key on P-256.</exception>
    public static string Sign(Stream archive, string privateKey, string path)
    {
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(privateKey);
            return IsP256(key)
                ? Convert.ToBase64String(key.SignData(archive, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
                : throw new ConfigurationException($"The key of {path} is not on the curve P-256.", MakeKeys);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new ConfigurationException($"{path} is not a private key: {problem.Message}", $"Name the fleet.key that belongs to the devices' fleet.pub. {MakeKeys}", problem);
        }
    }

    /// <summary>Checks the signature of what a stream holds from its position to its end. The stream is read once for each key.</summary>
    /// <param name="archive">A stream that can seek.</param>
    /// <param name="signature">Base64, or null for a model without one.</param>
    /// <returns>The key that made the signature, as <see cref="Trusts"/> takes it, or null if no key judged it.</returns>
    /// <exception cref="FleetException">The model must not be let in.</exception>
    public string? Require(Stream archive, string? signature)
    {
        if (string.IsNullOrEmpty(signature))
        {
            if (!AllowsUnsigned)
                throw new FleetException(FleetException.Unsigned, "The model has no signature, and this device lets in signed models only.", "Sign it with `edgeshelf fleet sign`, and send the document that it prints.");
            return null;
        }
        // The file of keys says that unsigned models are welcome, and there is no key that could judge a signature.
        if (_keys.Count == 0)
            return null;
        byte[] bytes = new byte[MaxSignature];
        bool isBase64 = signature.Length <= MaxSignature && Convert.TryFromBase64String(signature, bytes, out int length) && length > 0;
        return isBase64 && _keys.FirstOrDefault(key => IsSignedBy(key, archive, Convert.FromBase64String(signature))) is { } signer
            ? Fingerprint(signer)
            : throw new FleetException(
                FleetException.BadSignature, _keys.Count == 1 ? "The signature was not made with the key of this device, or the archive was changed." : "The signature was made with neither of the keys of this device, or the archive was changed.",
                "Sign the archive with the fleet's key in use. If the key was changed, copy the new fleet.pub to the device first.");
    }

    /// <summary>Whether a model that was let in before would be let in again. A key that was taken out of the file is not trusted any more.</summary>
    /// <param name="key">What <see cref="Require"/> returned for the model.</param>
    public bool Trusts(string? key) => key is null ? AllowsUnsigned : _keys.Any(known => Fingerprint(known) == key);

    static string Fingerprint(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));

    static bool IsSignedBy(byte[] publicKey, Stream archive, byte[] signature)
    {
        long start = archive.Position;
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return key.VerifyData(archive, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // The signature is not of this form.
            return false;
        }
        finally
        {
            archive.Position = start;
        }
    }

    static byte[] PublicKey(string base64, string path)
    {
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(base64), out _);
            return IsP256(key) ? key.ExportSubjectPublicKeyInfo() : throw NoKey($"A key of {path} is not on the curve P-256.", MakeKeys);
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException)
        {
            throw NoKey($"A key of {path} is damaged or of another kind: {problem.Message}", MakeKeys, problem);
        }
    }

    static bool IsP256(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;

    static FleetException NoKey(string message, string hint, Exception? inner = null) => new(FleetException.NoKey, message, hint, inner);
}
