// The FINOS packages are written for bundlers: they import files without their endings. This finds them for Node.

export async function resolve(specifier, context, next) {
  const attempts = [specifier, `${specifier}.js`, `${specifier}/index.js`];
  for (const [index, attempt] of attempts.entries()) {
    try {
      return await next(attempt, context);
    } catch (error) {
      if (index === attempts.length - 1) throw error;
    }
  }
}
