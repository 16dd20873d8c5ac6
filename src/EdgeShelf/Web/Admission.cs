using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Web;

/// <summary>The reason why a request was admitted. A long-running response checks it again, because a session can end in the meantime.</summary>
/// <param name="Holds">Whether the request would still be admitted now.</param>
sealed record Admission(Func<bool> Holds)
{
    public static bool StillHolds(HttpContext http) => http.Features.Get<Admission>()?.Holds() ?? true;
}
