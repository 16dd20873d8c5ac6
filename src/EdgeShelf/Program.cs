using EdgeShelf.Cli;
using EdgeShelf.Platform;

MemoryFootprint.Limit();
return await ProcessEdge.RunAsync(args, new PlainWriter(Console.Out, PlainWriter.ShowsColours), new PlainWriter(Console.Error));
