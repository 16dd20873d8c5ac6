using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeShelf.Web;

/// <summary>
/// One login of a browser. The cookie holds its id, its end and a signature by a key that is derived from the token, so that
/// no sessions are kept here and a new token ends all of them.
/// </summary>
/// <param name="Id">Random, in hexadecimal.</param>
/// <param name="EndsAt">Whole seconds, UTC.</param>
sealed record WebSession(string Id, DateTimeOffset EndsAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    const int IdBytes = 16;

    public static WebSession New(DateTimeOffset now) => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
        DateTimeOffset.FromUnixTimeSeconds((now + Lifetime).ToUnixTimeSeconds()));

    public string CookieBy(WebToken token) => $"{Content}.{SignatureBy(token)}";

    /// <returns>Null when the cookie was not signed with this token or the session is over.</returns>
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
