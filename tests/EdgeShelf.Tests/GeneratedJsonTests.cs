using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeShelf.Fleet;
using EdgeShelf.Models;

namespace EdgeShelf.Tests;

/// <summary>The program reads and writes JSON with what the compiler generated. These tests compare that with reflection, which needs no list of types.</summary>
public sealed class GeneratedJsonTests
{
    static readonly Dictionary<string, JsonSerializerContext> Contexts = typeof(ShelfWorker).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)))
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == type))
        .ToDictionary(property => $"{property.DeclaringType!.Name}.{property.Name}", property => (JsonSerializerContext)property.GetValue(null)!);

    public static TheoryData<string> Names => [.. Contexts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EachTypeHasTheFieldsThatReflectionFinds(string name)
    {
        JsonSerializerContext context = Contexts[name];
        JsonSerializerOptions reflection = Reflecting(context.Options);
        HashSet<Type> compared = [];
        foreach (CustomAttributeData listed in context.GetType().GetCustomAttributesData().Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute)))
            Compare((Type)listed.ConstructorArguments[0].Value!);
        Assert.NotEmpty(compared);

        void Compare(Type type)
        {
            if (!compared.Add(type))
                return;
            (JsonTypeInfo generated, JsonTypeInfo expected) = (context.Options.GetTypeInfo(type), reflection.GetTypeInfo(type));
            Assert.Equal((type, expected.Kind), (type, generated.Kind));
            Assert.Equal(Fields(expected), Fields(generated));
            Assert.Equal(expected.PolymorphismOptions?.DerivedTypes.Select(derived => derived.DerivedType) ?? [], generated.PolymorphismOptions?.DerivedTypes.Select(derived => derived.DerivedType) ?? []);
            foreach (Type? inner in (IEnumerable<Type?>)[.. generated.Properties.Where(IsUsed).Select(property => property.PropertyType), generated.ElementType, .. generated.PolymorphismOptions?.DerivedTypes.Select(derived => derived.DerivedType) ?? []])
            {
                if (inner is not null)
                    Compare(inner);
            }
        }
    }

    /// <summary>The compiler's code sets a property that is `init` also when the text does not have it, and its default is lost. So such a property is `set`.</summary>
    [Fact]
    public void WhatAFileLeavesOutKeepsItsDefault()
    {
        AssertSameAsReflection(ModelsJson.Files.ModelManifest, """{"name":"a","version":"1","files":{},"input":{},"outputs":{},"review":{},"unknown":{},"golden":{"picture":"p","top":[]}}""");
        AssertSameAsReflection(ModelsJson.Files.ModelManifest, """{"name":"a","version":"1","files":{},"input":{"resize":192}}""");
        AssertSameAsReflection(FleetJson.Wire.FleetMemory, """{"device":{},"group_name":"north"}""");
        AssertSameAsReflection(FleetJson.Wire.ReportedDocument, """{"device":"a","status":"none","software":"1","at":"2026-11-27T06:00:00Z"}""");
    }

    static void AssertSameAsReflection<T>(JsonTypeInfo<T> generated, string json)
    {
        JsonSerializerOptions reflection = Reflecting(generated.Options);
        Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, reflection), reflection), JsonSerializer.Serialize(JsonSerializer.Deserialize(json, generated), reflection));
    }

    static JsonSerializerOptions Reflecting(JsonSerializerOptions options) => new(options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    static IEnumerable<string> Fields(JsonTypeInfo type) => type.Properties.Where(IsUsed).Select(property =>
        $"{type.Type.Name}.{property.Name}: {property.PropertyType} order {property.Order} required {property.IsRequired} more {property.IsExtensionData} by {property.CustomConverter?.GetType().Name}");

    static bool IsUsed(JsonPropertyInfo property) => property.Get is not null || property.Set is not null;
}
