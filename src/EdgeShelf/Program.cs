using EdgeShelf.Cli;
using EdgeShelf.Platform;

MemoryFootprint.Limit();
return await ProcessEdge.RunAsync(args, Console.Out, Console.Error);
