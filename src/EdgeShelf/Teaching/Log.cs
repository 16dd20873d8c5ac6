using Microsoft.Extensions.Logging;

namespace EdgeShelf.Teaching;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The examples are damaged and are now kept as {Name}. The products must be taught again, or imported with `edgeshelf product import`.")]
    public static partial void ExamplesDamaged(this ILogger log, Exception damage, string name);
}
