using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf --version`: prints the program's version on the first line, then the versions of .NET and ONNX Runtime, which are part of the package.</summary>
static class VersionText
{
    public static void AddRuntimeTo(RootCommand root)
    {
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        version.Action = new WithRuntime((SynchronousCommandLineAction)version.Action!);
    }

    sealed class WithRuntime(SynchronousCommandLineAction first) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => first.ClearsParseErrors;

        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = first.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine($".NET {Environment.Version}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}");
            return exitCode;
        }
    }
}
