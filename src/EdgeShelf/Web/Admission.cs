using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Web;

/// <summary>Why a request was let in. A response that goes on for hours asks again, because a session can end meanwhile.</summary>
/// <param name="Holds">Whether the request would be let in now.</param>
sealed record Admission(Func<bool> Holds)
{
    public static bool StillHolds(HttpContext http) => http.Features.Get<Admission>()?.Holds() ?? true;
}
