using EdgeShelf.Cli;
using EdgeShelf.Platform;

MemoryFootprint.Limit();
return await ProcessEdge.RunAsync(args, new PlainWriter(Console.Out), new PlainWriter(Console.Error));
