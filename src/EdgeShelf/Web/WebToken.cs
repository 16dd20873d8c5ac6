using System.Security.Cryptography;
using System.Text;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web;

/// <summary>The secret that opens the page from other machines.</summary>
sealed class WebToken
{
    const int Bytes = 24;
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly byte[] _token;

    public WebToken(string token) => _token = Encoding.UTF8.GetBytes(token);

    public bool Matches(string? candidate) =>
        candidate is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(candidate)), SHA256.HashData(_token));

    /// <summary>Signs with HMAC-SHA256. The browser stores the signed session and not the token, so a stolen cookie does not reveal the token.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_token, content);

    public static string FileOf(WebOptions options) => options.TokenFile ?? Path.Combine(ServiceDirectories.State, "web-token");

    /// <summary>Reads the token from the file, or creates a new one in a file that only its owner can read.</summary>
    /// <exception cref="EdgeShelfException">The file cannot be read or written, or is empty.</exception>
    public static WebToken ReadOrCreate(WebOptions options, ILogger log)
    {
        string path = FileOf(options);
        try
        {
            if (!File.Exists(path))
                Create(path);
            else if ((File.GetUnixFileMode(path) & ~OwnerOnly) is var more && more != UnixFileMode.None)
                log.TokenIsReadable(path, Convert.ToString((int)File.GetUnixFileMode(path), 8));
            return new WebToken(Read(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"The token file {path} cannot be used: {problem.Message}", "The service must be able to create the file and to read it.", problem);
        }
    }

    /// <exception cref="EdgeShelfException">There is no token yet, or it cannot be read.</exception>
    public static string Reveal(WebOptions options)
    {
        string path = FileOf(options);
        try
        {
            return Read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"The token file {path} cannot be read: {problem.Message}.", "The file is created when the service first starts with a Web:Address other than loopback; read it as root or as the service's user.", problem);
        }
    }

    static string Read(string path)
    {
        string token = NamedFile.ReadFirstLine(path).Trim();
        return token.Length >= 16
            ? token
            : throw new EdgeShelfException($"The token in {path} has {token.Length} characters; 16 or more are needed.", "Delete the file; the service creates a new one.");
    }

    static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        DurableFile.Write(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)) + "\n"), OwnerOnly);
    }
}
