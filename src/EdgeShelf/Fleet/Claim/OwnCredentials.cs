using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Fleet.Claim;

/// <summary>
/// The credentials that a device got for its claim, in the folder `fleet` of the state folder. They hold for the broker and the claim with which
/// they were asked for, so with another broker or another claim in the settings the device asks again.
/// </summary>
/// <param name="state">The state folder.</param>
sealed class OwnCredentials(string state)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const string ClaimKey = $"{FleetOptions.Section}:{nameof(FleetOptions.Claim)}";
    const string BrokerKey = $"{PublishOptions.Section}:{nameof(PublishOptions.Broker)}";
    const string UserKey = $"{PublishOptions.Section}:{nameof(PublishOptions.UserName)}";

    /// <summary>3072 bits, the strength of AES-128 by NIST SP 800-57.</summary>
    const int KeyBits = 3072;

    const int MaxBytes = 16 << 10;

    string Folder => Path.Combine(state, SettingsOverlay.FolderName);

    string IssuedPath => Path.Combine(Folder, "issued.json");

    string PasswordPath => Path.Combine(Folder, "issued-password");

    string KeyPath => Path.Combine(Folder, "claim-key.pem");

    /// <summary>The settings that replace those of the claim, or none if the settings make no claim or nothing was issued for it yet.</summary>
    public IReadOnlyDictionary<string, string> SettingsFor(IConfiguration configuration)
    {
        Dictionary<string, string> settings = [];
        if (!FleetOptions.IsClaimIn(configuration) || Read() is not { } issued)
            return settings;
        if (issued.Broker != configuration[BrokerKey] || issued.Claim != configuration[UserKey] || !File.Exists(PasswordPath))
            return settings;
        settings[ClaimKey] = "false";
        settings[$"{PublishOptions.Section}:{nameof(PublishOptions.Device)}"] = issued.Device;
        settings[UserKey] = issued.Device;
        settings[$"{PublishOptions.Section}:{nameof(PublishOptions.PasswordFile)}"] = PasswordPath;
        if (issued.Group is { } group)
            settings[$"{FleetOptions.Section}:{nameof(FleetOptions.Group)}"] = group;
        return settings;
    }

    /// <summary>Keeps what was issued. The password is on disk before the file that names it.</summary>
    /// <param name="claim">The settings of the broker with which the claim was made.</param>
    /// <exception cref="IOException">It cannot be written; the device asks again.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Keep(ClaimAnswer answer, PublishOptions claim)
    {
        Directory.CreateDirectory(Folder);
        DurableFile.Write(PasswordPath, Encoding.UTF8.GetBytes(answer.Password + "\n"), OwnerOnly);
        DurableFile.Write(IssuedPath, JsonSerializer.SerializeToUtf8Bytes(new IssuedIdentity(claim.Broker, claim.UserName, answer.Device, answer.Group), FleetJson.Default.IssuedIdentity), OwnerOnly);
    }

    /// <summary>The key by which an answer is encrypted. It is made once, so that the issuer knows a device that asks again.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not accessible.</exception>
    public RSA Key()
    {
        if (File.Exists(KeyPath))
        {
            RSA kept = RSA.Create();
            try
            {
                kept.ImportFromPem(Encoding.UTF8.GetString(RegularFile.ReadAllBytes(KeyPath, MaxBytes)));
                return kept;
            }
            catch (Exception damaged) when (damaged is ArgumentException or CryptographicException)
            {
                // Make another one. The issuer then has to forget this device.
                kept.Dispose();
            }
        }
        RSA key = RSA.Create(KeyBits);
        Directory.CreateDirectory(Folder);
        DurableFile.Write(KeyPath, Encoding.UTF8.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), OwnerOnly);
        return key;
    }

    IssuedIdentity? Read()
    {
        try
        {
            return File.Exists(IssuedPath) ? JsonSerializer.Deserialize(RegularFile.ReadAllBytes(IssuedPath, MaxBytes), FleetJson.Default.IssuedIdentity) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
