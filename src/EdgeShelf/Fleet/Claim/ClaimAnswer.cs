using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeShelf.Publish;

namespace EdgeShelf.Fleet.Claim;

/// <summary>What the issuer answered: credentials of the device's own, or why there are none.</summary>
/// <param name="Device">The name of the device, which is also its user name at the broker.</param>
/// <param name="Group">Its group, or null.</param>
sealed record ClaimAnswer(string Device, string? Group, string Password)
{
    const int MaxBytes = 8 << 10;
    const int MaxPassword = 256;

    /// <param name="key">The key for which the password was encrypted, by RSA with OAEP and SHA-256 (RFC 8017, section 7.1).</param>
    /// <exception cref="FleetException">The issuer refused, or the answer is not one for this key.</exception>
    public static ClaimAnswer Read(ReadOnlyMemory<byte> payload, RSA key)
    {
        if (payload.Length > MaxBytes)
            throw Wrong($"it has {payload.Length} bytes, and at most {MaxBytes} are read");
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("problem", out JsonElement problem))
                throw new FleetException(FleetException.NotIssued, $"The issuer gives this device no credentials: {Platform.PlainText.Shown(problem.GetString() ?? "", 200)}", "Add the device to the issuer's list. The device asks again.");
            string device = root.GetProperty("device").GetString() ?? "";
            string? group = root.TryGetProperty("group", out JsonElement named) ? named.GetString() : null;
            if (!DeviceName.IsValid(device) || !(group is null || DeviceName.IsValid(group)))
                throw Wrong($"device and group must be {DeviceName.Allowed}");
            string password = Encoding.UTF8.GetString(key.Decrypt(root.GetProperty("password").GetBytesFromBase64(), RSAEncryptionPadding.OaepSHA256));
            return password.Length is > 0 and <= MaxPassword && !password.Any(char.IsControl) ? new ClaimAnswer(device, group, password) : throw Wrong($"a password has one line of 1 to {MaxPassword} characters");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or CryptographicException)
        {
            throw Wrong(wrong.Message);
        }
    }

    static FleetException Wrong(string problem) => new(FleetException.NotIssued, $"The issuer's answer cannot be used: {problem.TrimEnd('.')}.", "Check the issuing script. The device asks again.");
}
