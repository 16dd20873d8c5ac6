using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>
/// A group of related routes. A module is a service of the host and gets its dependencies through its constructor. To add one,
/// derive a class and register it in <see cref="WebServices"/>.
/// </summary>
abstract class RouteModule
{
    public abstract void Map(IEndpointRouteBuilder app);
}
