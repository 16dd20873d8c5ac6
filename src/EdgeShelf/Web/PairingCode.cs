using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeShelf.Platform;

namespace EdgeShelf.Web;

/// <summary>
/// The code with which a person opens the page in a new browser. `edgeshelf pair` makes it and the service checks it, so it lies as a hash in files
/// beside the token. There is one code at a time: a new one replaces the old one. It works once, for ten minutes and five tries from all addresses
/// together, so that somebody who guesses finds it with a probability of 5 in 1,000,000. Times are those of the monotonic clock of this boot,
/// because the time of day of a new device is often wrong.
/// </summary>
sealed class PairingCode(string tokenFile, TimeProvider clock)
{
    public const int Tries = 5;

    public static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(10);

    const int Digits = 6, Codes = 1_000_000, SaltBytes = 16, HashBytes = 32;

    /// <summary>The rounds of PBKDF2. They make it slow to find the six digits from a copy of the file: each guess takes a Raspberry Pi about 50 ms.</summary>
    const int Rounds = 50_000;

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string _path = $"{tokenFile}.pairing";
    readonly string _triesPath = $"{tokenFile}.pairing-tries";
    readonly string _pairedPath = $"{tokenFile}.paired";
    readonly Lock _lock = new();

    public static PairingCode Of(WebOptions options, TimeProvider clock) => new(WebToken.FileOf(options), clock);

    /// <summary>Whether a browser was ever admitted, by a code or by the token.</summary>
    public bool WasPaired => File.Exists(_pairedPath);

    /// <summary>Whether there is a code that can still be used.</summary>
    public bool IsWaiting => Waiting() is not null;

    /// <summary>Makes a new code, which replaces an earlier one.</summary>
    /// <returns>The six digits. They are stored nowhere.</returns>
    /// <exception cref="IOException">The files cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write them.</exception>
    public string Begin()
    {
        string code = RandomNumberGenerator.GetInt32(Codes).ToString($"D{Digits}", CultureInfo.InvariantCulture);
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(new Stored(
            Guid.NewGuid().ToString("N"), Convert.ToHexStringLower(salt), Convert.ToHexStringLower(HashOf(code, salt)), BootId.Read(), clock.GetTimestamp()), WebJson.Default.Stored), OwnerOnly);
        return code;
    }

    /// <summary>Uses one of the tries. The right code is used up by it.</summary>
    /// <param name="code">What the person typed; spaces and dashes do not count.</param>
    /// <returns>Whether it is the code. Also false if the files cannot be written, because then the tries could not be counted.</returns>
    public bool TryUse(string? code)
    {
        string typed = string.Concat((code ?? "").Where(letter => letter is not (' ' or '-')));
        // Something that is no code costs no try.
        if (!IsCode(typed))
            return false;
        lock (_lock)
        {
            if (Waiting() is not ({ } stored, { } left))
                return false;
            try
            {
                // Count before comparing, so that a restart in between gives nobody a further try.
                SaveTries(stored, left - 1);
                bool isRight = CryptographicOperations.FixedTimeEquals(HashOf(typed, Convert.FromHexString(stored.Salt)), Convert.FromHexString(stored.Hash));
                if (isRight)
                    SaveTries(stored, 0);
                return isRight;
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or FormatException)
            {
                return false;
            }
        }
    }

    /// <summary>Records that a browser was admitted, so that the service makes no code by itself any more.</summary>
    public void Admitted()
    {
        try
        {
            if (!WasPaired)
                DurableFile.Write(_pairedPath, [], OwnerOnly);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // The next start makes a code again, which does no harm.
        }
    }

    public static bool IsCode(string text) => text.Length == Digits && text.All(char.IsAsciiDigit);

    /// <summary>The digits in two groups, which are easier to copy.</summary>
    public static string Shown(string code) => $"{code[..(Digits / 2)]} {code[(Digits / 2)..]}";

    /// <returns>The code and how many tries it has left, or null if there is none that can be used.</returns>
    (Stored Stored, int Left)? Waiting()
    {
        try
        {
            if (!File.Exists(_path) || JsonSerializer.Deserialize(File.ReadAllBytes(_path), WebJson.Default.Stored) is not { Id: not null, Salt: not null, Hash: not null } stored
                || stored.Boot != BootId.Read() || clock.GetElapsedTime(stored.Began) is var age && (age < TimeSpan.Zero || age >= ValidFor))
                return null;
            int left = File.Exists(_triesPath) && File.ReadAllText(_triesPath).Split(' ') is [{ } id, { } count] && id == stored.Id
                ? int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture)
                : Tries;
            return left > 0 ? (stored, left) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>The tries lie in a file that only the service writes, so that it never overwrites a code that the verb makes at the same time.</summary>
    void SaveTries(Stored stored, int left) =>
        DurableFile.Write(_triesPath, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stored.Id} {left}")), OwnerOnly);

    static byte[] HashOf(string code, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(code, salt, Rounds, HashAlgorithmName.SHA256, HashBytes);

    /// <param name="Id">Tells the tries of one code from those of another.</param>
    /// <param name="Began">The monotonic clock's time in its own units.</param>
    internal sealed record Stored(string Id, string Salt, string Hash, string Boot, long Began);
}
