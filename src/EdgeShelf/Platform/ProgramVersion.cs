using System.Reflection;

namespace EdgeShelf.Platform;

/// <summary>The version of this program, without the commit that the compiler adds to it.</summary>
static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
