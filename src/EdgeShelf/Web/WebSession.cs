using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeShelf.Web;

/// <summary>
/// One login of a browser. The cookie contains the id, the end and a signature with a key that is derived from the token, so that
/// the device stores no sessions and a new token ends all of them.
/// </summary>
/// <param name="Id">Random number in hexadecimal.</param>
/// <param name="EndsAt">End of the session in UTC, in whole seconds.</param>
sealed record WebSession(string Id, DateTimeOffset EndsAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    const int IdBytes = 16;

    public static WebSession New(DateTimeOffset now) => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
        DateTimeOffset.FromUnixTimeSeconds((now + Lifetime).ToUnixTimeSeconds()));

    public string CookieBy(WebToken token) => $"{Content}.{SignatureBy(token)}";

    /// <returns>Null when the cookie was not signed with this token or the session has ended.</returns>
    public static WebSession? Of(string? cookie, WebToken token, DateTimeOffset now)
    {
        if (cookie?.Split('.') is not [{ Length: 2 * IdBytes } id, { } end, { } signature]
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return null;
        WebSession session = new(id, DateTimeOffset.FromUnixTimeSeconds(seconds));
        bool isSigned = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(session.SignatureBy(token)));
        return isSigned && now < session.EndsAt ? session : null;
    }

    string Content => string.Create(CultureInfo.InvariantCulture, $"{Id}.{EndsAt.ToUnixTimeSeconds()}");

    string SignatureBy(WebToken token) => Convert.ToHexStringLower(token.Sign(Encoding.UTF8.GetBytes($"edgeshelf web session {Content}")));
}
