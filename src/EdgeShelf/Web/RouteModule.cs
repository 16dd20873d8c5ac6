using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>
/// Routes that belong together. A module is a service of the host and gets what it needs through its constructor; to add one,
/// write it and name it in <see cref="WebServices"/>.
/// </summary>
abstract class RouteModule
{
    public abstract void Map(IEndpointRouteBuilder app);
}
